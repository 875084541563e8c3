"""The commands as a group that imports and builds none of them before it is asked for."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from cstool.cli.projects import project_options
from cstool.cli.sections import Sections

if TYPE_CHECKING:
    from types import ModuleType

# As help lists them; each is the function of that name in the module of that name, or else its `app`.
HEADINGS: dict[str, tuple[str, ...]] = {
    "Glossary": ("lookup", "diff", "search", "terms", "glossary"),
    "Numbers": ("calc", "metrics", "columns", "sample"),
    "Team": ("init", "project", "match", "targets"),
    "Accounts": ("accounts", "account", "plays"),
}
COMMANDS = tuple(name for names in HEADINGS.values() for name in names)

# Without what Typer draws by itself; completion is the whole command's.
PLAIN: dict[str, Any] = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}


class Commands(TyperGroup):
    """Builds a command when it is run; help needs no more of it than a line."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)

    def get_command(self, _: typer.Context, name: str) -> Any:  # type: ignore[override]
        if name in COMMANDS and not self.commands[name]:
            self.commands[name] = _built(name)
        return self.commands.get(name)

    def format_commands(self, _: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        for heading, names in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, _line(name)) for name in names])


def _module(name: str) -> ModuleType:
    return import_module(f"cstool.cli.commands.{name}")


def _built(name: str) -> Any:
    module = _module(name)
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(**PLAIN)
        app.command(name, cls=Sections)(getattr(module, name))
    command = typer.main.get_command(app)
    command.name = name
    for one in (command, *getattr(command, "commands", {}).values()):
        if one.help is None and one.callback:
            one.help = _doc(_module(name), one.callback.__name__)
        if not hasattr(one, "commands"):
            one.params += [*project_options(), _no_pager()]
    return command


def _no_pager() -> Any:
    """--no-pager, which every command takes and none has to know of."""
    from typer.core import TyperOption

    from cstool.cli.pager import turn_off

    return TyperOption(
        param_decls=["--no-pager"],
        is_flag=True,
        default=False,
        expose_value=False,
        callback=turn_off,
        help="On a terminal, write longer output without a pager (PAGER, else less -FRX).",
    )


def _line(name: str) -> str:
    """What a command does, in a line."""
    module = _module(name)
    text = _doc(module, name) if hasattr(module, name) else str(module.app.info.help)
    return text.splitlines()[0]


def _doc(module: ModuleType, name: str) -> str:
    """What a function says of itself, also where Python was started without docstrings (-OO)."""
    if text := inspect.getdoc(getattr(module, name)):
        return text
    import ast

    tree = ast.parse(inspect.getsource(module))
    own = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    return ast.get_docstring(own) or ""
