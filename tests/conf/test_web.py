"""How the web server is told to run."""

import gc

from firstlight.conf.web import Web, settle


def test_what_was_loaded_is_left_out_of_searches_for_garbage_before_the_processes_part() -> None:
    before = gc.get_freeze_count()
    loaded = [[number] for number in range(100)]

    Web(3).cfg.when_ready(None)

    assert Web(3).cfg.when_ready is settle
    assert gc.get_freeze_count() >= before + len(loaded)
