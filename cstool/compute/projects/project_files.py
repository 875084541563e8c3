"""The files of a project as a request takes them, each read as the project and the command line say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from cstool.compute.read_options import ReadOptions
from cstool.errors import InputError, UsageError
from cstool.glossary.project import Project, WrittenOptions
from cstool.model.request import FileSet, JoinedFile
from cstool.options import default_of

_SCALES = ("scale", "within", "reverse")  # values of `CalcRequest.given` and no options of reading


def options_of(project: Project, name: str) -> ReadOptions:
    """How the project says that a file is read. Raises InputError, with its place, for a value that does not exist."""
    one = project.files[name]
    written = one.options or WrittenOptions()
    values = {key: text for key, text in written._asdict().items() if text and key not in _SCALES}
    values |= {key: getattr(one, key) for key in ("shape", "preset") if getattr(one, key)}
    if one.map:
        values["map"] = one.map
    made = {key: _typed(key, text) for key, text in values.items()}
    options = ReadOptions(**made)
    try:
        options.request_fields()
    except UsageError as error:
        place = project.place(f"files.{name}.options")
        raise InputError(f"{place}: {error.message.removeprefix('--')}", hint=error.hint, code="bad-project") from error
    return options


def _typed(key: str, text: Any) -> Any:
    if key == "header_line":
        return int(text)
    if key in ("cents", "end_inclusive", "skip_bad"):
        return text in ("yes", "true")
    return text


def _scales(project: Project, name: str) -> Mapping[str, Decimal]:
    written = project.files[name].options or WrittenOptions()
    given = {key: getattr(written, key) for key in _SCALES if getattr(written, key)}
    flags = {"yes": 1, "true": 1, "no": 0, "false": 0}
    return {key: Decimal(flags.get(text, text)) for key, text in given.items() if flags.get(text) != 0}


def laid_over(below: ReadOptions, above: ReadOptions) -> ReadOptions:
    """Options of which those that are given in `above` count, and else those of `below`."""
    given = {
        one.name: getattr(above, one.name)
        for one in fields(ReadOptions)
        if one.name != "map" and getattr(above, one.name) != default_of(one)
    }
    return replace(below, **given, map={**below.map, **above.map})


def file_set(project: Project, name: str, options: ReadOptions) -> FileSet:
    """A file of the project, by its name, read with the `options` of the command line before its own."""
    return FileSet(
        tuple(map(str, project.paths[name])) or _missing(project, name),
        name,
        project.files[name].feeds,
        laid_over(options_of(project, name), options).request_fields(),
        _scales(project, name),
        project.place(f"files.{name}"),
    )


def _missing(project: Project, name: str) -> tuple[str, ...]:
    """The path of a file that is not there, so that reading says so; nothing of a pattern that nothing fits."""
    text = project.files[name].path
    return () if any(mark in text for mark in "*?[") else (str(project.path(text)),)


def all_sets(project: Project, options: ReadOptions) -> tuple[FileSet, ...]:
    """Every file of the project. The accounts file gives a metric only where it says so, or where no other does."""
    return tuple(file_set(project, name, options) for name in project.files)


def named_sets(project: Project | None, files: tuple[str, ...], options: ReadOptions) -> tuple[FileSet, ...]:
    """The files of a command line: `@name` of the project, a path that it lists, or any other.

    Empty where it says nothing of any of them. Raises UsageError for a name that it does not have.
    """
    listed = {path.resolve(): name for name, paths in project.paths.items() for path in paths} if project else {}
    names = [_named(project, file, listed) for file in files]
    if project is None or not any(names):
        return ()
    sets: dict[str, FileSet] = {}
    others: list[str] = []
    for file, name in zip(files, names, strict=True):
        if not name:
            others.append(file)
            continue
        made = file_set(project, name, options)
        if not file.startswith("@"):
            before = sets[name].files if name in sets else ()
            made = replace(made, files=(*before, file))
        sets[name] = made
    rest = (FileSet(tuple(others), how=options.request_fields()),) if others else ()
    return (*sets.values(), *rest)


def _named(project: Project | None, file: str, listed: Mapping[Path, str]) -> str:
    """The project's name for a file of the command line; '' where it has none."""
    if not file.startswith("@"):
        return "" if file == "-" or "://" in file else listed.get(Path(file).resolve(), "")
    if project is None:
        raise UsageError(
            f"{file}: there is no project",
            hint="`cstool init` writes a cstool.yaml that names your files",
            code="bad-project",
        )
    if file[1:] not in project.files:
        raise UsageError(
            f"{file}: {project.file} has no file of that name",
            hint=f"its files: {', '.join(project.files) or 'none'}",
            code="unknown-name",
        )
    return file[1:]


def account_files(project: Project) -> dict[str, Any]:
    """The accounts file and the aliases of a project, as fields of `CalcRequest`; none where it names none."""
    own = project.accounts
    if own is None:
        return {}
    paths = project.paths[own.file]
    if len(paths) > 1:
        raise InputError(
            f"{project.place('accounts.file')}: {own.file} are {len(paths)} files, and accounts stand in one",
            hint=f"write the path of one of them: {paths[-1]}",
            code="bad-value",
        )
    options = options_of(project, own.file)
    joined = JoinedFile(
        str(paths[0] if paths else project.path(project.files[own.file].path)),
        key=own.key or options.map.get("account", ""),
        name=own.name or options.map.get("account_name", ""),
        reading=options.reading(),
        asked=False,
    )
    return {"joined": joined, "aliases": str(project.path(own.aliases)) if own.aliases else None}
