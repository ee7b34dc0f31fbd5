"""Who sees the tasks of the year, who sets what units report about them, and who reports (COL-11)."""

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.content.belonging import topics_for
from jiyue.content.models import ProgressDuty, Topic
from jiyue.content.models.records import State
from jiyue.content.plan_policies import kept_sites
from jiyue.content.policies import editor_sites, may_steward
from jiyue.estate.models import Site
from jiyue.estate.policies import may, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.queries import subordinates_of
from jiyue.identity.roles import Permission


def visible_tasks(user: User) -> QuerySet[Topic]:
    """Tasks of sites whose content the person reads, and public ones of the governments directly above her own sites."""
    above = Q(state=State.PUBLISHED, site__owner__in=kept_sites(user).values("owner__superior"))
    reach = Q(site__in=sites_with(user, Permission.READ_CONTENT)) | above
    return Topic.objects.filter(reach).exclude(work_kind="")


def may_set_progress(user: User, task: Topic) -> bool:
    """Who keeps the site of the task, or oversees its owner, says who reports and how often."""
    return may_steward(user, task.site) or may(user, Permission.OVERSEE, task.site)


def reporting_sites(user: User, task: Topic) -> QuerySet[Site]:
    """The person's sites on which a note about this task can be written: the task's own, and those directly below it."""
    sites = editor_sites(user).select_related("owner")
    fit = [site.pk for site in sites if topics_for(site).filter(pk=task.pk).exists()]
    return Site.objects.filter(pk__in=fit).order_by("name", "pk")


def reporting_units(task: Topic) -> QuerySet[Organisation]:
    """Units that may be asked for notes: the owner of the task's site and everything below it."""
    return subordinates_of(task.site.owner).order_by("code")


def fetch_task_for(user: User, ref: int) -> Topic:
    """The task with this key if the person may see it. Raises Http404 otherwise."""
    found = visible_tasks(user).select_related("site__owner", "column", "responsible").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_progress_duty_for(user: User, ref: int) -> ProgressDuty:
    """Raises Http404 for a duty about a task that the person may not see."""
    rows = ProgressDuty.objects.filter(task__in=visible_tasks(user).values("pk"))
    found = rows.select_related("task__site", "unit").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found
