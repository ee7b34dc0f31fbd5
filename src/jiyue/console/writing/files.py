"""Pictures and attachments in Wagtail's choosers: of the site in hand only, stored by our actions, judged by content."""

from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail import hooks
from wagtail.documents.views import chooser as documents
from wagtail.images.views import chooser as images

from jiyue.console import faults
from jiyue.console.sites import current_site
from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.file_types import media_type_of, refuse_disguised
from jiyue.content.models import Attachment, Picture, PictureRendition
from jiyue.content.policies import editor_sites, usable_attachments, usable_pictures

MOST_BYTES = 200 << 20


class UploadForm(forms.Form):
    """A file and its name. Refuses what is not what its name says, before anything is stored.

    A name left out is no reason to send the form back: a browser would forget which file was chosen.
    """

    images_only = False
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=120, required=False, help_text=gettext_lazy("不填就用文件名")
    )
    file = forms.FileField(label=gettext_lazy("文件"))

    def __init__(self, *args, user=None, instance=None, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_file(self):
        file = self.cleaned_data["file"]
        most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE if self.images_only else MOST_BYTES
        if file.size > most:
            raise ValidationError(_("文件超过 %(size)s MB，请压缩后再上传") % {"size": most >> 20})
        self.data_of_file = file.read()
        refuse_disguised(name=file.name, data=self.data_of_file, images_only=self.images_only)
        return file

    def clean(self):
        given = super().clean()
        if given.get("file") and not given.get("title"):
            given["title"] = PurePath(given["file"].name).stem[:120]
        return given


class PictureForm(UploadForm):
    images_only = True
    description = forms.CharField(label=gettext_lazy("图片内容（可作替代文字）"), max_length=255, required=False)


class OurUpload:
    """Stores through `content.actions`, for the site in hand; a site one does not write for is refused."""

    def post(self, request):
        self.model = self.stored_model
        self.form = self.get_creation_form()
        if not self.form.is_valid():
            return self.get_reshow_creation_form_response()
        try:
            stored = self.save_form(self.form)
        except (OSError, OperationalError) as error:
            if not faults.tell_if_full(error):
                raise
            # 200: Wagtail's dialogue reads nothing else, and the sentence must stand beside the field.
            self.form.add_error("file", faults.full_sentence())
            return self.get_reshow_creation_form_response()
        return self.get_chosen_response(stored)

    def save_form(self, form):
        site = current_site(self.request)
        if site is None or not editor_sites(self.request.user).filter(pk=site.pk).exists():
            raise Http404
        given = form.cleaned_data
        more = {"description": given["description"]} if "description" in given else {}
        return self.store(
            site=site, name=given["file"].name, data=form.data_of_file, title=given["title"], by=self.request.user,
            now=timezone.now(), **more,
        )  # fmt: skip


class TitleSearch:
    """Looks for words of the title: Wagtail's index cannot find Chinese, nor filter by site."""

    def filter_object_list(self, objects):
        for narrow in hooks.get_hooks(self.construct_queryset_hook_name):
            objects = narrow(objects, self.request)
        wanted = self.request.GET.get("q", "").strip()
        return objects.filter(title__icontains=wanted) if wanted else objects


class PictureCreation:
    def get_creation_form_class(self):
        return PictureForm


class AttachmentCreation:
    def get_creation_form_class(self):
        return UploadForm


class ChoosePicture(TitleSearch, PictureCreation, images.ImageChooseView):
    pass


class ChoosePictureResults(TitleSearch, PictureCreation, images.ImageChooseResultsView):
    pass


class UploadPicture(OurUpload, PictureCreation, images.ImageUploadView):
    stored_model, store = Picture, staticmethod(store_picture)


class ChooseAttachment(TitleSearch, AttachmentCreation, documents.DocumentChooseView):
    pass


class ChooseAttachmentResults(TitleSearch, AttachmentCreation, documents.DocumentChooseResultsView):
    pass


class UploadAttachment(OurUpload, AttachmentCreation, documents.DocumentChooserUploadView):
    stored_model, store = Attachment, staticmethod(store_attachment)


def register() -> None:
    """Put our views into Wagtail's two choosers. Called once, before their addresses are made."""
    images.viewset.choose_view_class = ChoosePicture
    images.viewset.choose_results_view_class = ChoosePictureResults
    images.viewset.create_view_class = UploadPicture
    documents.viewset.choose_view_class = ChooseAttachment
    documents.viewset.choose_results_view_class = ChooseAttachmentResults
    documents.viewset.create_view_class = UploadAttachment


def of_the_site_in_hand(files, request: HttpRequest):
    """A chooser's files, narrowed to the current site."""
    site = current_site(request)
    return files.filter(site=site) if site else files.none()


@require_GET
def private_file(request: HttpRequest, path: str) -> FileResponse:
    """An upload, for whoever may read its site; the folder itself is served by nobody (C5)."""
    file = _found(request.user, path)
    if file is None or not file.storage.exists(file.name):
        raise Http404
    media_type = media_type_of(file.name)
    drawn = media_type.startswith("image/")
    answer = FileResponse(
        file.open("rb"), as_attachment=not drawn, content_type=media_type if drawn else "application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def _found(user, path: str):
    pictures = usable_pictures(user)
    rendition = PictureRendition.objects.filter(file=path, image__in=pictures).first()
    if rendition:
        return rendition.file
    for files in (pictures, usable_attachments(user)):
        if (stored := files.filter(file=path).first()) is not None:
            return stored.file
    return None
