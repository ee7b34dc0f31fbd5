"""The person's own settings: password, language, look. Name and unit are the operator's to change."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import LocalePreferencesForm
from wagtail.admin.views import account


class LanguageForm(LocalePreferencesForm):
    current_time_zone = None

    class Meta(LocalePreferencesForm.Meta):
        fields = ["preferred_language"]


class LanguagePanel(account.LocaleSettingsPanel):
    """Language only: every time shown is Beijing time."""

    title = _("语言")
    form_class = LanguageForm


class AccountView(account.AccountView):
    OFFERED = ("locale", "theme", "password")

    def get_panels(self):
        kept = [panel for panel in super().get_panels() if panel.name in self.OFFERED]
        return [self._ours(panel) for panel in kept]

    def _ours(self, panel):
        if panel.name != "locale":
            return panel
        return LanguagePanel(self.request, panel.user, panel.profile)
