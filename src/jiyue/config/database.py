"""Django for a command: with the database of a home that exists and is of this program, or one sentence why not."""

import os
from pathlib import Path

from jiyue.config.outcomes import WrongUse
from jiyue.foundation.home import Home


def existing_home() -> Home:
    """The home that the environment names. Raises WrongUse when it is none: a mistyped one is not made by asking."""
    home = Home.from_environment()
    if not home.releases.is_dir():
        raise WrongUse(f"{home.path} 不是集约的数据目录；请设置 JIYUE_HOME，或先运行 jiyue setup")
    return home


def open_database() -> None:
    """Start Django. Raises WrongUse when there is no database, no answer from it, or one that is not set up."""
    home = existing_home()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiyue.config.settings.base")
    import django

    django.setup()
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    # Connecting to a SQLite file that is absent would make an empty one.
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        raise WrongUse(f"{home.path} 里还没有数据库；请先运行 jiyue setup，或把 JIYUE_HOME 设为原来的数据目录")
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise WrongUse(f"连不上数据库：{str(error).strip()}") from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise WrongUse("数据库还没有按这一版程序建立或升级；请先运行 jiyue setup")
