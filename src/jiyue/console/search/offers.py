"""What the gate offers of 检索, to whom, and its lines in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import manages_sites, operates

offer(manages_sites, "console_promoted", "console_promoted_new", "console_promoted_end", "console_asked")
offer(operates, "console_synonyms", "console_synonyms_end")

entry(_("检索词"), "console_asked", icon="search", order=540)
entry(_("同义词"), "console_synonyms", icon="search", order=545)
