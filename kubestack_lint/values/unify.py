"""Which types convert into which, and the one type that several have in common.

Follows go-cty's `convert` package, which is Terraform's; checked against
Terraform by the vectors and the oracle tests.
"""

from __future__ import annotations

from kubestack_lint.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Collection,
    ObjectType,
    Primitive,
    TupleType,
    Type,
    is_list,
    is_map,
    is_set,
    list_of,
    map_of,
)


def convertible(source: Type, target: Type, unsafe: bool = True) -> bool:
    """True when values of `source` may convert to `target`.

    Unsafe conversions may still fail for some values ("abc" is no number).
    """
    if target == DYNAMIC or source == target or (unsafe and source == DYNAMIC):
        return True
    if isinstance(source, Primitive) or isinstance(target, Primitive):
        if target == STRING:
            return source in (NUMBER, BOOL)
        return unsafe and source == STRING and target in (NUMBER, BOOL)
    match source, target:
        case ObjectType(), ObjectType():
            return _object_to_object(source, target, unsafe)
        case TupleType(), TupleType():
            return len(source.elements) == len(target.elements) and all(
                convertible(a, b, unsafe) for a, b in zip(source.elements, target.elements, strict=True)
            )
        case TupleType(), Collection():
            if target.element == DYNAMIC and not same_or_no_dynamic(source.elements, unify(source.elements, unsafe)):
                return False
            return target.kind != "map" and _elements(source.elements, target.element, unsafe)
        case ObjectType(), Collection():
            return target.kind == "map" and _elements(tuple(source.attributes.values()), target.element, unsafe)
        case Collection(), Collection():
            if (source.kind == "map") != (target.kind == "map"):
                return False
            if target.kind == "set" and source.kind == "list" and not unsafe:
                return False
            return convertible(source.element, target.element, unsafe)
        case Collection(), ObjectType():
            return unsafe and source.kind == "map" and _map_to_object(source, target)
    return False


def _object_to_object(source: ObjectType, target: ObjectType, unsafe: bool) -> bool:
    for name, wanted in target.attributes.items():
        given = source.attributes.get(name)
        if given is None:
            if name not in target.optional:
                return False
        elif not convertible(given, wanted, unsafe):
            return False
    return True


def _map_to_object(source: Collection, target: ObjectType) -> bool:
    return all(
        name in target.optional or convertible(source.element, wanted)
        for name, wanted in target.attributes.items()
    )


def same_or_no_dynamic(given: tuple[Type, ...], common: Type | None) -> bool:
    """False where the elements of a tuple have only `any` in common without all being of no known type."""
    return common != DYNAMIC or all(kind == DYNAMIC for kind in given)


def _elements(given: tuple[Type, ...], wanted: Type, unsafe: bool) -> bool:
    if wanted == DYNAMIC and given:
        common = unify(given, unsafe)
        if common is None:
            return False
        wanted = common
    return all(convertible(kind, wanted, unsafe) for kind in given)


def unify(kinds: tuple[Type, ...], unsafe: bool = True) -> Type | None:
    """The one type that all of `kinds` convert to, or None.

    `unify(())` is None: nothing to decide from.
    """
    if not kinds:
        return None
    kinds = _different(kinds)
    if len(kinds) == 1:
        return kinds[0]
    structural, decided = _unify_one_kind(kinds, unsafe)
    if decided:
        return structural
    for index in _preference(kinds):
        wanted = kinds[index]
        if all(convertible(kind, wanted, unsafe) for kind in kinds):
            return wanted
    return None


def _different(kinds: tuple[Type, ...]) -> tuple[Type, ...]:
    """Each kind once, in the given order: lists have thousands of elements, but few types."""
    if len(kinds) == 2:
        # Both results of a conditional, and each pair of their parts: comparing stops at the first difference.
        return kinds if kinds[0] != kinds[1] else kinds[:1]
    found: dict[str, Type] = {}
    for kind in kinds:
        found.setdefault(kind.word if isinstance(kind, Primitive) else repr(kind.json), kind)
    return tuple(found.values())


def _unify_one_kind(kinds: tuple[Type, ...], unsafe: bool) -> tuple[Type | None, bool]:
    """Kinds of one structure may have a common type that is none of them."""
    rest = [kind for kind in kinds if kind != DYNAMIC]
    dynamic = len(rest) < len(kinds)
    objects = [kind for kind in rest if isinstance(kind, ObjectType)]
    tuples = [kind for kind in rest if isinstance(kind, TupleType)]
    for test in (is_map, is_list, is_set):
        same = [kind for kind in rest if isinstance(kind, Collection) and test(kind)]
        if same and len(same) == len(rest):
            return (DYNAMIC if dynamic else _unify_collections(same, unsafe)), True
        other: list[ObjectType] | list[TupleType] = objects if test is is_map else tuples
        if same and test is not is_set and other and len(same) + len(other) == len(rest):
            common = _as_collection(kinds, other, unsafe)
            if common is not None:
                return common, True
            break
    if rest and len(objects) == len(rest):
        return (DYNAMIC if dynamic else _unify_objects(objects, unsafe)), True
    if rest and len(tuples) == len(rest):
        return (DYNAMIC if dynamic else _unify_tuples(tuples, unsafe)), True
    return None, bool(objects and tuples)


def _unify_collections(kinds: list[Collection], unsafe: bool) -> Type | None:
    element = unify(tuple(kind.element for kind in kinds), unsafe)
    return None if element is None else Collection(kinds[0].kind, element)


def _as_collection(kinds: tuple[Type, ...], loose: list[ObjectType] | list[TupleType], unsafe: bool) -> Type | None:
    """Maps beside objects (or lists beside tuples): read the loose ones as collections first."""
    common: Type | None
    if isinstance(loose[0], ObjectType):
        common = _objects_to_map([kind for kind in loose if isinstance(kind, ObjectType)], unsafe)
    else:
        common = _tuples_to_list([kind for kind in loose if isinstance(kind, TupleType)], unsafe)
    if common is None:
        return None
    structural = type(loose[0])
    result = unify(tuple(common if isinstance(kind, structural) else kind for kind in kinds), unsafe)
    return result if isinstance(result, Collection) else None


def _unify_objects(kinds: list[ObjectType], unsafe: bool) -> Type | None:
    names = kinds[0].attributes.keys()
    if any(kind.attributes.keys() != names for kind in kinds[1:]):
        return _objects_to_map(kinds, unsafe)
    attributes: dict[str, Type] = {}
    for name in names:
        common = unify(tuple(kind.attributes[name] for kind in kinds), unsafe)
        if common is None:
            return None
        attributes[name] = common
    result = ObjectType(attributes)
    if all(convertible(kind, result, unsafe) for kind in kinds):
        return result
    return _objects_to_map(kinds, unsafe)


def _objects_to_map(kinds: list[ObjectType], unsafe: bool) -> Type | None:
    element = unify(tuple(item for kind in kinds for item in kind.attributes.values()), unsafe)
    if element is None:
        return None
    result = map_of(element)
    return result if all(convertible(kind, result, unsafe) for kind in kinds) else None


def _unify_tuples(kinds: list[TupleType], unsafe: bool) -> Type | None:
    length = len(kinds[0].elements)
    if any(len(kind.elements) != length for kind in kinds[1:]):
        return _tuples_to_list(kinds, unsafe)
    elements: list[Type] = []
    for index in range(length):
        common = unify(tuple(kind.elements[index] for kind in kinds), unsafe)
        if common is None:
            return None
        elements.append(common)
    result = TupleType(tuple(elements))
    if all(convertible(kind, result, unsafe) for kind in kinds):
        return result
    return _tuples_to_list(kinds, unsafe)


def _tuples_to_list(kinds: list[TupleType], unsafe: bool) -> Type | None:
    element = unify(tuple(item for kind in kinds for item in kind.elements), unsafe)
    if element is None:
        return None
    result = list_of(element)
    return result if all(convertible(kind, result, unsafe) for kind in kinds) else None


def _preference(kinds: tuple[Type, ...]) -> list[int]:
    """Indices, most general type first, otherwise in the given order."""
    count = len(kinds)
    before: list[list[int]] = [[] for _ in range(count)]
    incoming = [0] * count
    distinct = {index: kind for index, kind in enumerate(kinds) if kind not in kinds[:index]}
    for i in distinct:
        for j in distinct:
            if i < j:
                order = _compare(kinds[i], kinds[j])
                if order:
                    first, second = (i, j) if order < 0 else (j, i)
                    before[first].append(second)
                    incoming[second] += 1
    queue = [index for index in distinct if not incoming[index]]
    for index in queue:
        for other in before[index]:
            incoming[other] -= 1
            if not incoming[other]:
                queue.append(other)
    return queue


def _compare(a: Type, b: Type) -> int:
    """-1 when `a` is the more general type, 1 when `b` is, 0 when neither."""
    if DYNAMIC in (a, b):
        return 0 if a == b else (-1 if a != DYNAMIC else 1)
    if isinstance(a, Primitive) and isinstance(b, Primitive):
        return 0 if (a == STRING) == (b == STRING) else (-1 if a == STRING else 1)
    if isinstance(a, Collection) and isinstance(b, Collection) and a.kind == b.kind:
        return _compare(a.element, b.element)
    rank_a, rank_b = _rank(a), _rank(b)
    if rank_a and rank_b and rank_a[0] == rank_b[0] and rank_a[1] != rank_b[1]:
        return -1 if rank_a[1] > rank_b[1] else 1
    if isinstance(a, ObjectType) and isinstance(b, ObjectType) and a.attributes.keys() == b.attributes.keys():
        return _agree([_compare(kind, b.attributes[name]) for name, kind in a.attributes.items()])
    if isinstance(a, TupleType) and isinstance(b, TupleType) and len(a.elements) == len(b.elements):
        return _agree([_compare(x, y) for x, y in zip(a.elements, b.elements, strict=True)])
    return 0


def _rank(kind: Type) -> tuple[str, int] | None:
    """Generality within a family: lists are more general than tuples and sets, maps than objects."""
    if isinstance(kind, ObjectType):
        return "map", 0
    if isinstance(kind, TupleType):
        return "list", 1
    if isinstance(kind, Collection):
        return ("map", 1) if kind.kind == "map" else ("list", 2 if kind.kind == "list" else 0)
    return None


def _agree(orders: list[int]) -> int:
    lower, higher = any(o < 0 for o in orders), any(o > 0 for o in orders)
    return 0 if lower == higher else (-1 if lower else 1)
