"""`python -m everycount`, where the folder of scripts is not on the path."""

from everycount.cli.main import main

main()
