"""What kinds, states and acts are called, on the screens of staff and in what the sender is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.domain.cases import Act, Kind, State

KINDS: dict[Kind, Any] = {
    Kind.ENQUIRY: _("咨询"),
    Kind.COMPLAINT: _("投诉"),
    Kind.SUGGESTION: _("建议"),
    Kind.HELP: _("求助"),
    Kind.ERROR_REPORT: _("网站找错"),
    Kind.REPORT: _("举报"),
    Kind.LEADER_LETTER: _("领导信箱"),
}
STATES: dict[State, Any] = {
    State.RECEIVED: _("待受理"),
    State.INCOMPLETE: _("待补正"),
    State.RETURNED: _("不予受理"),
    State.ACCEPTED: _("待分办"),
    State.HANDLING: _("办理中"),
    State.WAITING: _("待补充材料"),
    State.REVIEWING: _("答复待审核"),
    State.PASSING: _("逐级报批"),
    State.READY: _("答复待发出"),
    State.ANSWERED: _("已答复"),
    State.CLOSED: _("已办结"),
    State.DISPUTED: _("有异议"),
    State.WITHDRAWN: _("已撤回"),
    State.MERGED: _("已并案"),
}
ACTS: dict[Act, Any] = {
    Act.RECEIVE: _("收到来信"),
    Act.REGISTER: _("登记来信"),
    Act.ACCEPT: _("受理"),
    Act.RETURN: _("不予受理"),
    Act.ASSIGN: _("分办"),
    Act.NAME: _("指定承办人"),
    Act.IDENTIFY: _("核定被举报单位"),
    Act.TRANSFER: _("转办"),
    Act.ASK: _("请来信人补充"),
    Act.GO_ON: _("不再等待补充"),
    Act.HELP: _("请单位协办"),
    Act.OPINION: _("协办意见"),
    Act.EXTEND: _("延期"),
    Act.MERGE: _("并案"),
    Act.SPLIT: _("拆分"),
    Act.DRAFT: _("起草答复"),
    Act.SUBMIT: _("答复送审"),
    Act.APPROVE: _("答复审核通过"),
    Act.SEND_BACK: _("退回答复"),
    Act.FORWARD: _("报上一级"),
    Act.RELEASE: _("批准答复"),
    Act.SEND: _("发出答复"),
    Act.CLOSE: _("办结"),
    Act.UPHOLD: _("维持答复"),
    Act.REDO: _("重新办理"),
    Act.SUPPLEMENT: _("来信人补充"),
    Act.WITHDRAW: _("来信人撤回"),
    Act.RATE: _("来信人评价"),
    Act.DISPUTE: _("来信人提出异议"),
    Act.REOPEN: _("来信人要求重办"),
    Act.PRESENT: _("呈批"),
    Act.TAKE_BACK: _("撤回呈批"),
    Act.INSTRUCT: _("批示"),
    Act.ANNOUNCE: _("批示（告知来信人）"),
    Act.CARRY_OUT: _("批示已落实"),
    Act.CALL: _("来电补充"),
    Act.TELL: _("登记答复送达"),
    Act.CLASSIFY: _("确定办理类别"),
    Act.DETACH: _("撤销并案"),
}
# What is wrong with a page, as whoever reports an error names it.
CATEGORIES: dict[str, Any] = {
    "cannot_open": _("打不开"),
    "not_updated": _("没有更新"),
    "wrong": _("内容不准确"),
    "no_reply": _("没有答复"),
    "typo": _("错别字"),
    "false_content": _("虚假内容"),
    "other": _("其他"),
}
# What the sender reads of a step; only of acts that the table tells her.
TOLD: dict[Act, Any] = {
    Act.RECEIVE: _("收到您的来信"),
    Act.REGISTER: _("收到上级转来的来信"),
    Act.ACCEPT: _("已受理"),
    Act.RETURN: _("不予受理"),
    Act.ASSIGN: _("已交%(unit)s办理"),
    Act.TRANSFER: _("已转%(unit)s"),
    Act.ASK: _("请您补充材料"),
    Act.HELP: _("已请有关单位协助办理"),
    Act.EXTEND: _("办理期限已延长"),
    Act.MERGE: _("与内容相同的来信合并办理"),
    Act.SPLIT: _("来信中的另一件事单独办理"),
    Act.SEND: _("已答复"),
    Act.CLOSE: _("已办结"),
    Act.UPHOLD: _("核实后维持原答复"),
    Act.REDO: _("核实后重新办理"),
    Act.SUPPLEMENT: _("您补充了材料"),
    Act.WITHDRAW: _("您撤回了来信"),
    Act.RATE: _("您作了评价"),
    Act.DISPUTE: _("您提出了异议"),
    Act.REOPEN: _("您要求重新办理"),
    Act.ANNOUNCE: _("收信的领导作出批示"),
    Act.CALL: _("您来电补充了情况"),
    Act.CLASSIFY: _("确定了办理类别，期限随之确定"),
    Act.DETACH: _("不再合并，单独办理"),
}
# How it begins for whoever did not write here.
REGISTERED: dict[str, Any] = {"hotline": _("收到您的来电"), "paper": _("收到您的来信或者来访")}
GATES: dict[str, Any] = {
    "policy": _("政策关：与现行政策一致"),
    "legal": _("法律关：依据准确，权限和程序合法"),
    "wording": _("文字关：切题、完整、看得懂，没有推诿和空话"),
}
# What a reader of a reply should look at; each says what was counted (`domain.reply_hints`).
HINTS: dict[str, Any] = {
    "set_phrases": _("套话约占 %(share)s%%（%(phrases)s），没有看到时间、数字、依据或者做法"),
    "no_fact": _("全文只有 %(count)s 字，没有看到时间、数字、依据或者做法"),
    "off_topic": _("与来信相同的词只有 %(share)s%%，可能答非所问"),
    "repeats": _("约 %(share)s%% 的文字在重复来信，可能没有答复实质内容"),
    "passes_on": _("写了“%(words)s”，没有写明该由哪个单位办、怎么联系"),
    "no_reason": _("写了“%(words)s”，没有写明原因或者依据"),
}
