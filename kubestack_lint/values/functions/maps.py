"""Maps and objects: keys, values, lookup, merge and the like."""

from __future__ import annotations

from kubestack_lint.values.access import element_pairs
from kubestack_lint.values.convert import ConversionError, convert
from kubestack_lint.values.functions.elements import (
    MAX_ELEMENTS,
    converted,
    element_type,
    first_unknown,
    is_mapping,
    too_many,
)
from kubestack_lint.values.functions.signature import FunctionError, Parameter, function, unknown_result
from kubestack_lint.values.types import (
    DYNAMIC,
    STRING,
    Collection,
    ObjectType,
    TupleType,
    Type,
    is_list,
    is_map,
    list_of,
    map_of,
    same_types,
)
from kubestack_lint.values.value import Unknown, Value, string


def _keys(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if isinstance(kind, ObjectType):
        return TupleType((STRING,) * len(kind.attributes))
    if is_map(kind):
        return list_of(STRING)
    raise FunctionError("the argument must be a map or an object", 0)


@function(Parameter("inputMap", unknown=True, marks=True), returns=_keys, not_null=True)
def keys(mapping: Value) -> Value:
    """The keys in order; of an object they are known even when it is not."""
    kind = _keys((mapping,))
    if isinstance(mapping.type, ObjectType):
        return Value(kind, tuple(string(name) for name in sorted(mapping.type.attributes)))
    if isinstance(mapping.data, Unknown):
        return unknown_result(kind, mapping.data)
    return Value(kind, tuple(string(name) for name in sorted(mapping.items)))


def _values(arguments: tuple[Value, ...]) -> Type:
    kind = arguments[0].type
    if isinstance(kind, ObjectType):
        return TupleType(tuple(kind.attributes[name] for name in sorted(kind.attributes)))
    if is_map(kind):
        return list_of(element_type(kind))
    raise FunctionError("the argument must be a map or an object", 0)


@function(Parameter("mapping", marks=True), returns=_values, not_null=True)
def values(mapping: Value) -> Value:
    """The values in the order of their keys."""
    return Value(_values((mapping,)), tuple(item for _, item in element_pairs(mapping)))


def _found(arguments: tuple[Value, ...]) -> Type:
    if len(arguments) > 3:
        raise FunctionError(f"lookup() takes two or three arguments, {len(arguments)} given")
    kind, key = arguments[0].type, arguments[1]
    if isinstance(kind, ObjectType):
        if not isinstance(key.data, str):
            return DYNAMIC
        if key.data in kind.attributes:
            return kind.attributes[key.data]
        if len(arguments) == 3:
            return arguments[2].type
        raise FunctionError(f'the object has no attribute "{key.data}"', 0)
    if not is_map(kind):
        raise FunctionError("the first argument must be a map", 0)
    if len(arguments) == 3:
        try:
            convert(arguments[2], element_type(kind))
        except ConversionError as error:
            raise FunctionError("the default must have the type of the map's elements", 2) from error
    return element_type(kind)


@function(
    Parameter("inputMap", unknown=True, marks=True),
    Parameter("key", STRING, unknown=True, marks=True),
    variadic=Parameter("default", null=True, unknown=True, dynamic=True, own=True),
    returns=_found,
)
def lookup(mapping: Value, key: Value, *default: Value) -> Value:
    """The element with this key, else the default."""
    kind = _found((mapping, key, *default))
    for value in (mapping, key):
        if isinstance(value.data, Unknown):
            return unknown_result(kind, value.data)
    assert isinstance(key.data, str)
    if key.data in mapping.items:
        return mapping.items[key.data]
    if default:
        return converted(default[0], kind, 2)
    raise FunctionError(f'the map has no element with the key "{key.data}", and there is no default', 1)


def _merged(arguments: tuple[Value, ...]) -> Type:
    kinds: list[Type] = []
    attributes: dict[str, Type] = {}
    complete = True
    for position, value in enumerate(arguments):
        kind = value.type
        if kind == DYNAMIC:
            return DYNAMIC
        if isinstance(kind, ObjectType):
            kind = ObjectType({}) if value.is_null else kind
            attributes.update(kind.attributes)
        elif not is_map(kind):
            raise FunctionError(f"the arguments must be maps or objects, not {kind.name}", position)
        elif isinstance(value.data, Unknown):
            complete = False
        else:
            attributes.update(dict.fromkeys(value.items, element_type(kind)))
        kinds.append(kind)
    if kinds and same_types(kinds):
        return kinds[0]
    return ObjectType(attributes) if complete else DYNAMIC


@function(variadic=Parameter("maps", null=True, dynamic=True, marks=True), returns=_merged, not_null=True)
def merge(*mappings: Value) -> Value:
    """All keys of all arguments; later ones win, null counts as empty."""
    if sum(len(value.items) for value in mappings) > MAX_ELEMENTS:
        return too_many(DYNAMIC, "merge")
    kind = _merged(mappings)
    items: dict[str, Value] = {}
    for position, value in enumerate(mappings):
        if not value.is_null and not is_mapping(value.type):
            raise FunctionError(f"the arguments must be maps or objects, not {value.type.name}", position)
        items.update(value.items)
    if kind == DYNAMIC:
        kind = ObjectType({name: item.type for name, item in items.items()})
    return Value(kind, items)


_LISTS_OF_STRINGS = map_of(list_of(STRING))


@function(Parameter("values", _LISTS_OF_STRINGS), returns=_LISTS_OF_STRINGS, not_null=True)
def transpose(mapping: Value) -> Value:
    """From each string to the keys under whose lists it occurs."""
    hidden = first_unknown(mapping)
    if hidden is not None:
        return unknown_result(_LISTS_OF_STRINGS, hidden)
    if sum(len(items.elements) for items in mapping.items.values()) > MAX_ELEMENTS:
        return too_many(_LISTS_OF_STRINGS, "transpose")
    found: dict[str, list[str]] = {}
    for name, items in mapping.items.items():
        if items.is_null:
            raise FunctionError("the lists must not be null", 0)
        for item in items.elements:
            if not isinstance(item.data, str):
                raise FunctionError("the strings must not be null", 0)
            found.setdefault(item.data, []).append(name)
    lists = {name: tuple(string(key) for key in sorted(keys)) for name, keys in found.items()}
    return Value(_LISTS_OF_STRINGS, {name: Value(list_of(STRING), items) for name, items in lists.items()})


def _zipped(arguments: tuple[Value, ...]) -> Type:
    names, given = arguments
    kind = given.type
    if isinstance(kind, Collection) and is_list(kind):
        return map_of(kind.element)
    if not isinstance(kind, TupleType):
        raise FunctionError("the values must be a list or a tuple", 1)
    if first_unknown(names) is not None:
        return DYNAMIC
    _check_pairs(names, len(kind.elements))
    return ObjectType({str(name.data): item for name, item in zip(names.elements, kind.elements, strict=True)})


def _check_pairs(names: Value, size: int) -> None:
    if len(names.elements) != size:
        raise FunctionError(f"there are {len(names.elements)} keys for {size} values", 0)
    for position, name in enumerate(names.elements):
        if name.is_null:
            raise FunctionError(f"the key at position {position} is null", 0)


@function(
    Parameter("keys", list_of(STRING), marks=True), Parameter("values", marks=True), returns=_zipped, not_null=True
)
def zipmap(names: Value, given: Value) -> Value:
    """A map, or object for a tuple, from a list of keys and one of values."""
    kind = _zipped((names, given))
    hidden = first_unknown(names)
    if hidden is not None:
        return unknown_result(kind, hidden)
    _check_pairs(names, len(given.elements))
    items = {str(name.data): item for name, item in zip(names.elements, given.elements, strict=True)}
    return Value(kind, items, sensitive=any(name.sensitive for name in names.elements))


@function(variadic=Parameter("vals", null=True, unknown=True, dynamic=True), returns=DYNAMIC)
def map_(*values: Value) -> Value:
    """Gone since Terraform 0.12."""
    raise FunctionError("Terraform no longer has this function; write tomap({ … })")
