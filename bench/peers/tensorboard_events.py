"""Writes the points of a history as TensorBoard's event files, a folder per run, as PyTorch's SummaryWriter does it.

Run in the benchmark's TensorBoard environment: python tensorboard_events.py HISTORY_DB FOLDER
"""

import datetime
import pathlib
import sqlite3
import sys

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def write_run(folder, started, points):
    folder.mkdir(parents=True)
    with open(folder / f"events.out.tfevents.{int(started)}.bench", "wb") as file:
        writer = RecordWriter(file)
        writer.write(event_pb2.Event(wall_time=started, file_version="brain.Event:2").SerializeToString())
        for split, metric, epoch, step, value, epoch_ms in points:
            summary = summary_pb2.Summary(
                value=[summary_pb2.Summary.Value(tag=f"{split}/{metric}", simple_value=value)]
            )
            at = started + epoch * epoch_ms / 1000
            writer.write(event_pb2.Event(wall_time=at, step=step, summary=summary).SerializeToString())


def main(history, folder):
    database = sqlite3.connect(f"file:{history}?mode=ro&immutable=1", uri=True)
    runs = database.execute("SELECT number, id, created_at FROM run ORDER BY id").fetchall()
    written = 0
    for number, run_id, created_at in runs:
        started = datetime.datetime.fromisoformat(created_at).timestamp()
        points = database.execute(
            """SELECT split, metric, metric.epoch, metric.step, value, duration_ms FROM metric
               JOIN epoch USING (run_number, epoch) WHERE run_number = ? ORDER BY metric.step""",
            [number],
        ).fetchall()
        write_run(pathlib.Path(folder) / run_id, started, points)
        written += len(points)
    print(f'{{"runs": {len(runs)}, "points": {written}}}')


main(sys.argv[1], sys.argv[2])
