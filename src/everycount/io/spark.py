"""A Spark session: the one that is there, or a small one on this computer."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from everycount.errors import Unavailable

DESCRIBED = (
    *("SPARK_REMOTE", "SPARK_CONF_DIR", "SPARK_HOME", "PYSPARK_SUBMIT_ARGS"),
    "PYSPARK_GATEWAY_PORT",
)
"""Variables of the environment that say which Spark is meant. The last is set by spark-submit.
Apache Spark 4.0, Overview, Configuration, Environment Variables."""
LOGGING = Path(__file__).with_name("spark.properties")
LOCAL: Mapping[str, str] = {
    "spark.master": "local[2]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOGGING.as_uri()}",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",  # as the default of 200 is for clusters
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
"""A session that reaches no further than this computer and takes half of a small one."""


def connect_spark(
    library: ModuleType, answers: Callable[[str], AbstractContextManager[None]]
) -> tuple[Any, Callable[[], object]]:
    """Connect Ibis to Spark.

    A session that is active, or that the environment describes (``SPARK_REMOTE``,
    ``SPARK_CONF_DIR``, ``SPARK_HOME``, ``PYSPARK_SUBMIT_ARGS``, or spark-submit), is taken as it
    is. Otherwise one is started in two threads of this computer.

    Parameters
    ----------
    library : module
        Ibis.
    answers : callable
        Takes a name; gives a context that turns refusals into Unavailable.

    Returns
    -------
    Ibis backend
        The connection.
    callable
        What ends a session that was started here, and nothing else.

    Raises
    ------
    Unavailable
        If everycount[spark] or Java is not installed, or Spark does not start.
    """
    try:
        sql = import_module("pyspark.sql")
        backend = library.pyspark
    except ImportError as error:
        raise Unavailable(
            "Spark is not part of this installation: install everycount[spark]"
        ) from error
    active = sql.SparkSession.getActiveSession()
    if active is not None:
        return backend.connect(active), _leave
    if "SPARK_REMOTE" not in os.environ and not _has_java():
        raise Unavailable("Spark needs Java 17 or later, and there is none: install it")
    builder = sql.SparkSession.builder.appName("everycount")
    if not any(name in os.environ for name in DESCRIBED):
        folder = Path(tempfile.gettempdir()) / "everycount-spark"
        for name, value in {**LOCAL, "spark.sql.warehouse.dir": str(folder)}.items():
            builder = builder.config(name, value)
    where = "Spark" if "SPARK_REMOTE" in os.environ else "Spark, which needs Java 17 or later"
    with answers(where):
        session = builder.getOrCreate()
    return backend.connect(session), session.stop


def _leave() -> None:
    """Leave a session to whoever started it."""


def _has_java() -> bool:
    """Tell whether there is a Java where Spark looks for it."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin") if home else None) is not None
