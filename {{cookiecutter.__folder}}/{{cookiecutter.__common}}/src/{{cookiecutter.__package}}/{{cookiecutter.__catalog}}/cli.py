"""What the catalogue adds to the command line."""

import click

SEED_OPTIONS = [
    click.Option(
        ["--products"], type=click.IntRange(0, 1_000_000), default=12, show_default=True, help="How many of them."
    )
]
