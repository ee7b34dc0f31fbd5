"""What the gate offers of the exchange of data, and its line in the menu."""

from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import offer
from jiyue.console.menu import entry
from jiyue.console.rules import reads_content, writes

offer(reads_content, "console_exchanges", "console_exchange_source")
offer(writes, "console_exchange_new", "console_exchange_seen")

entry(_("数据交换"), "console_exchanges", icon="download", order=525)
