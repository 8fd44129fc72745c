# kslint for CI runners: docker build --tag kslint . && docker run --rm --volume "$PWD:/work" kslint lint
FROM python:3.12-slim AS build
ENV KSLINT_HOME=/opt/kslint
WORKDIR /source
COPY . .
RUN python -m venv "$KSLINT_HOME" && "$KSLINT_HOME/bin/pip" install --quiet --no-cache-dir .
# Compiled once here, since the user below cannot write to the image.
RUN "$KSLINT_HOME/bin/python" -m compileall -q "$KSLINT_HOME/lib" && "$KSLINT_HOME/bin/kslint" --version

FROM python:3.12-slim
ENV KSLINT_HOME=/opt/kslint PATH=/opt/kslint/bin:$PATH PYTHONDONTWRITEBYTECODE=1
# kslint reads revisions through git; a mounted checkout belongs to somebody else.
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/kslint /opt/kslint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["kslint"]
CMD ["lint"]
