"""Kinds of jobs that only tests have: they write down what they did."""

import os
import time

from sqlalchemy import Column, Table, Text, insert, select

from engines.core.database.metadata import Id, system
from engines.core.jobs.base import JobKind, job_kinds

done = Table("dg_test_done", system, Column("job", Id), Column("note", Text))


def note(uow, job, text):
    uow.session.run(insert(done).values(job=job.id, note=text))


def notes(platform, actor):
    return platform.look(actor, lambda look: [row[0] for row in look.session.run(select(done.c.note)).fetchall()])


@job_kinds.register
class Writes(JobKind):
    type = "test_write"
    label = {"zh": "测试", "en": "Test"}
    icon = "job"

    def handle(self, uow, job, result):
        note(uow, job, job.payload.get("note", ""))


@job_kinds.register
class Fails(JobKind):
    type = "test_fail"
    label = {"zh": "测试", "en": "Test"}
    icon = "job"

    def handle(self, uow, job, result):
        note(uow, job, "half done")
        raise ValueError("no such thing")

    def gave_up(self, uow, job, error):
        note(uow, job, f"gave up: {error}")


@job_kinds.register
class Calls(JobKind):
    """Appends its key to a file outside the database, and hangs when the file `hang` is there."""

    type = "test_call"
    label = {"zh": "测试", "en": "Test"}
    icon = "job"
    outside = True

    def call(self, job, services):
        with open(job.payload["file"], "a") as file:
            file.write(job.key + "\n")
        while os.path.exists(job.payload.get("hang", "")):
            time.sleep(0.02)
        return "answered"

    def handle(self, uow, job, result):
        note(uow, job, result)
