"""The JSON Schemas of the contracts, generated from the types that the program itself reads and writes.

Titles are the names of the classes, descriptions their docstrings. The same types give the same bytes.
"""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Any, Final

import msgspec

from models.control import FORMAT_VERSION, Control
from models.docstrings import read_docstring
from models.frame import Frame
from models.message import AlertMessage, TrendMessage
from models.post import TEXT_BYTES_MAX, Post

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
CONTRACTS: Final[dict[str, type[msgspec.Struct] | UnionType]] = {
    "post.v1": Post,
    "frame.v1": Frame,
    "alert.v1": AlertMessage,
    "trend.v1": TrendMessage,
    "control.v1": Control,
}
"""Each contract by its name and version, which the topic's name ends with too. A new version may only add."""

# What is checked by code, not by a type: a post needs a text unless it takes one back.
_POST_TEXT: Final[dict[str, Any]] = {
    "if": {"properties": {"op": {"const": "delete"}}, "required": ["op"]},
    "else": {"properties": {"text": {"minLength": 1}}, "required": ["text"]},
}

# A control message of another version, or that does not say which it is, is left to other programs.
_CONTROL_VERSION: Final[dict[str, Any]] = {"const": FORMAT_VERSION, "description": "Version of this format."}
_CONTROL: Final[dict[str, Any]] = {
    "title": "Control",
    "description": "What people tell the running stages, in at most 16 KiB; its number is its offset in the topic. "
    "In a mute of a word, `name` is one word.",
    "type": "object",
}

Schema = dict[str, Any]


def schema_files() -> dict[str, bytes]:
    """Return the text of each schema by the name of its file.

    >>> list(schema_files())
    ['post.v1.json', 'frame.v1.json', 'alert.v1.json', 'trend.v1.json', 'control.v1.json']
    """
    return {
        f"{name}.json": json.dumps(make_schema(name), indent=2, ensure_ascii=False).encode() + b"\n"
        for name in CONTRACTS
    }


def make_schema(name: str) -> Schema:
    """Return the schema of one of `CONTRACTS`.

    Raises:
        KeyError: If there is no contract of this name.
    """
    contract = CONTRACTS[name]
    (whole,), components = msgspec.json.schema_components([contract], ref_template="#/$defs/{name}")
    for struct in _structs(msgspec.inspect.type_info(contract)):
        _describe(components[struct.__name__], struct)
    if "Post" in components:
        components["Post"]["properties"]["text"]["maxLength"] = TEXT_BYTES_MAX
        components["Post"] |= _POST_TEXT
    if isinstance(contract, UnionType):
        for kind in components.values():
            kind["properties"]["v"] = _CONTROL_VERSION.copy()
            kind["required"] = ["kind", "v", *kind["required"][1:]]
        own = {**_CONTROL, "anyOf": whole["anyOf"]}
    else:
        own = components.pop(contract.__name__)
    definitions = {"$defs": dict(sorted(components.items()))} if components else {}
    return {"$schema": DIALECT, "$id": f"urn:undercurrent:schema:{name}", **own, **definitions}


def _structs(info: msgspec.inspect.Type) -> Iterator[type[msgspec.Struct]]:
    """Yield each struct that a type is made of."""
    if isinstance(info, msgspec.inspect.StructType):
        yield info.cls
    for part in _parts(info):
        yield from _structs(part)


def _parts(info: msgspec.Struct) -> Iterator[msgspec.inspect.Type]:
    for name in info.__struct_fields__:
        value = getattr(info, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, msgspec.inspect.Type):
                yield part
            elif isinstance(part, msgspec.inspect.Field):
                yield part.type


def _describe(schema: Schema, struct: type[msgspec.Struct]) -> None:
    summary, attributes = read_docstring(struct.__doc__ or "")
    schema["description"] = summary
    if "prefixItems" in schema:  # a struct that is written as an array
        for name, item in zip(struct.__struct_fields__, schema["prefixItems"], strict=True):
            item |= {"title": name, "description": attributes[name]}
    tag = struct.__struct_config__.tag_field
    for name, item in schema.get("properties", {}).items():
        if name in attributes:
            item["description"] = attributes[name]
        elif name == tag:
            item["description"] = "Which kind of message it is."
