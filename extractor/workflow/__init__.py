"""The flow from sources to deals, the only room that knows all stages.

    SOURCE... --expand--> files -----------------------.
                  |                                     v
                  '--> urls --fetch--> pages --read--> articles --> [ledger]
                            |  ^                                       |
                            |  '-- entries <--read-- feeds             | not yet read
                            '---- feeds of OPML lists                  v
                                                         readings --> [ledger]
                                                                       |
                                       all readings --group--> stories --> [ledger]
                                                                       |
                                    reports of stories --assemble--> deals --> [ledger]

Every stage is stored before the next begins: a run that breaks off leaves a consistent
ledger, and the next run goes on from there. `reread` begins at the readings, `replay` at the
pages, which are kept; `watch` does all of it over and over, see `watching`.
"""

from extractor.workflow.announcing import Receiving
from extractor.workflow.ingesting import IngestSummary, ingest
from extractor.workflow.parts import (
    Failed,
    FetchesPages,
    Progress,
    ReadsArticles,
    Stop,
    WallClock,
    no_progress,
)
from extractor.workflow.replaying import ReplayDiff, replay
from extractor.workflow.rereading import ArticleDiff, RereadDiff, reread
from extractor.workflow.watching import Surroundings, watch

__all__ = [
    "ArticleDiff",
    "Failed",
    "FetchesPages",
    "IngestSummary",
    "Progress",
    "ReadsArticles",
    "Receiving",
    "ReplayDiff",
    "RereadDiff",
    "Stop",
    "Surroundings",
    "WallClock",
    "ingest",
    "no_progress",
    "replay",
    "reread",
    "watch",
]
