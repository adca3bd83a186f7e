"""``python -m publishing``: the one door, and the commands behind it."""

import pytest

from publishing.__main__ import COMMANDS, main


def test_the_door_lists_its_commands(capsys):
    """Its help names each command."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert all(f"\n  {command} " in told for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_of_its_own(command, capsys):
    """A command is where the door says, and is called by its name."""
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"usage: python -m publishing {command} " in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys):
    """The message names those that there are."""
    with pytest.raises(SystemExit) as left:
        main(["publish"])
    assert left.value.code == 2
    assert "'build'" in capsys.readouterr().err


def test_a_command_works_on_the_course_that_is_named(small_course, capsys):
    """``--course`` stands in front of the command."""
    (small_course / "_toc.yml").unlink()
    assert main(["--course", str(small_course), "check"]) == 1
    assert "_toc.yml: there is no table of contents" in capsys.readouterr().err
