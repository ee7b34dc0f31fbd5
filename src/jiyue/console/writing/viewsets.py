"""One editor per type of record, registered with Wagtail; its list, copy, usage and publish pages are not offered."""

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from jiyue.console.wagtail_policies import FilePolicy, RecordPolicy
from jiyue.console.writing.panels import panels_for
from jiyue.console.writing.views import CreateRecord, EditRecord, PreviewDraft, PreviewNew
from jiyue.content.models import RECORD_TYPES, Attachment, Picture

OFFERED = ("add", "edit", "preview_on_add", "preview_on_edit")


class RecordViewSet(SnippetViewSet):
    add_view_class = CreateRecord
    edit_view_class = EditRecord
    preview_on_add_view_class = PreviewNew
    preview_on_edit_view_class = PreviewDraft
    copy_view_enabled = False
    inspect_view_enabled = False
    menu_item_is_registered = True
    icon = "doc-full"


def register() -> None:
    """Give Wagtail our policies and an editor per type. Called once, before Wagtail asks for either."""
    register_permission_policy(Picture, FilePolicy(Picture))
    register_permission_policy(Attachment, FilePolicy(Attachment))
    for kind, model in RECORD_TYPES.items():
        register_permission_policy(model, RecordPolicy(model), exact_class=True)
        viewset = type(
            f"{model.__name__}ViewSet",
            (RecordViewSet,),
            {
                "model": model,
                "admin_url_namespace": f"console_{kind}",
                "base_url_path": f"write/{kind}",
                "edit_handler": panels_for(kind),
            },
        )
        register_snippet(viewset)
