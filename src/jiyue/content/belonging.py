"""Does everything that a record names belong to its own site? A key of another site's row is easily typed into a form."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.blocks import ChooserBlock

from jiyue.content.blocks import BodyBlock
from jiyue.content.campaigns import foreign_campaigns
from jiyue.content.guides import material_refs
from jiyue.content.models import Attachment, Picture, Record, ServiceGuide, ServiceItem, Topic
from jiyue.content.models.records import State
from jiyue.content.rendering import FileRef, file_refs
from jiyue.content.service_blocks import MaterialBlock
from jiyue.estate.models import Site

FILES: dict[str, type[Picture] | type[Attachment]] = {"image": Picture, "document": Attachment}


def foreign_links(record: Record) -> dict[str, str]:
    """By field: a sentence for each link of a draft that leads to another site, or to nothing. Empty when all is its own."""
    found = {}
    if record.column.site_id != record.site_id:
        found["column"] = _("请选择本网站的栏目")
    if record.cover and record.cover.site_id != record.site_id:
        found["cover"] = _("题图不属于本网站，请重新选择")
    if record.part_of and not topics_for(record.site).filter(pk=record.part_of.pk).exists():
        found["part_of"] = _("请选择本网站的专题，或者上级政府公布的年度任务")
    if record.catalogue_item and record.catalogue_item.site_id != record.site_id:
        found["catalogue_item"] = _("请选择本网站清单里的事项")
    count = foreign_files(record.body.get_prep_value() if record.body else [], site_id=record.site_id)
    if count:
        found["body"] = _("正文里有 %(count)d 个文件不存在或不属于本网站") % {"count": count}
    return found | foreign_campaigns(record) | (_of_guide(record) if isinstance(record, ServiceGuide) else {})


def topics_for(site: Site) -> QuerySet[Topic]:
    """What an item of a site may tell of: its own topics, and the year's tasks that the government above it made public."""
    tasks = Q(site__owner=site.owner.superior_id, state=State.PUBLISHED) & ~Q(work_kind="")
    return Topic.objects.filter(Q(site=site) | tasks if site.owner.superior_id else Q(site=site))


def items_for(site: Site) -> QuerySet[ServiceItem]:
    """The items to which a site may give a guide: those in the catalogues of its owner and of every unit above it."""
    above = {int(key) for key in f"{site.owner.lineage}{site.owner.vertical_lineage}".split("/") if key}
    return ServiceItem.objects.filter(organisation__in={site.owner_id, *above})


def _of_guide(guide: ServiceGuide) -> dict[str, str]:
    found = {}
    if guide.item_id and not items_for(guide.site).filter(pk=guide.item_id).exists():
        found["item"] = _("这个事项不在本单位或上级的政务服务事项目录里，请重新选择")
    count = _foreign(material_refs(guide), site_id=guide.site_id)
    if count:
        found["materials"] = _("申请材料里有 %(count)d 个文件不存在或不属于本网站") % {"count": count}
    return found


def foreign_files(blocks: list, *, site_id: int) -> int:
    """How many files of a body are not the site's."""
    return _foreign(file_refs(blocks), site_id=site_id)


def _foreign(references: list[FileRef], *, site_id: int) -> int:
    return sum(
        len(wanted - own_keys(kind, wanted, site_id=site_id))
        for kind in FILES if (wanted := {str(ref.id) for ref in references if ref.kind == kind})
    )  # fmt: skip


def own_keys(kind: str, wanted: Iterable[str], *, site_id: int) -> set[str]:
    """Those of `wanted` that are keys of the site's own files of one kind."""
    keys = {key for key in wanted if key.isascii() and key.isdecimal() and len(key) < 19}
    found = FILES[kind].objects.filter(pk__in=keys, site=site_id).values_list("pk", flat=True)
    return {str(pk) for pk in found}


def chosen_parts() -> dict[str, str]:
    """The parts of body blocks that hold a chosen file: name of the part → kind of file."""
    kinds = {model: kind for kind, model in FILES.items()}
    blocks = (*BodyBlock().child_blocks.values(), MaterialBlock())
    parts = (part for block in blocks for part in getattr(block, "child_blocks", {}).items())
    return {name: kinds[part.model_class] for name, part in parts if isinstance(part, ChooserBlock)}
