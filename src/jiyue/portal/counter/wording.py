"""What the counter says of fields, faults and states, by their codes. Said through the catalogue of the page."""

from collections.abc import Mapping
from typing import Final


def _(text: str) -> str:
    """Marks a message for the catalogues; the template translates it."""
    return text


KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "enquiry": (_("咨询"), _("想问清楚一项政策、一个流程、一件事怎么办")),
    "complaint": (_("投诉"), _("对单位的工作、服务或者身边的问题不满意")),
    "suggestion": (_("建议"), _("对工作有意见、有主意")),
    "help": (_("求助"), _("遇到困难，需要有关单位帮忙解决")),
    "error_report": (_("网站找错"), _("网站上有错字、打不开、内容过时或者不准确")),
    "leader_letter": (_("领导信箱"), _("写给本网站的一位领导，由他的办公室办理并答复")),
    "report": (_("举报"), _("反映单位或者个人违法、弄虚作假、以权谋私；可以不写姓名，内容一律不公开")),
    "disclosure": (_("依申请公开"), _("要一份没有公开的政府信息，给您书面或者电子的")),
}

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "title": (_("标题"), _("用一句话说是什么事，例如：湖滨路北段路灯不亮")),
    "text": (_("内容"), _("时间、地点、经过，希望怎么解决。写明白一些，办起来更快")),
    "place": (_("发生在哪里"), _("路名、小区或者单位名称")),
    "page": (_("哪一页有错"), _("网页的地址，或者说明在哪个栏目")),
    "category": (_("什么样的错"), ""),
    "name": (_("怎么称呼您"), ""),
    "phone": (_("电话"), _("手机或者座机都可以，座机请写区号")),
    "email": (_("电子邮箱"), _("用来发回执、请您补充和有结果的通知，邮件里没有来信内容，随时可以停；也用来和您联系")),
    "address": (_("联系地址"), _("需要上门或者寄信时用")),
    "public": (_("可以公开这件事和答复吗"), _("公开时不会有您的姓名、电话、邮箱和地址，发布前还要审核")),
    "files": (_("附件"), _("照片、PDF、Word（docx）或 Excel（xlsx）；最多 5 个，每个不超过 5 MB，合计不超过 10 MB")),
    "human": (_("确认不是机器在填写"), ""),
    "number": (_("编号"), _("回执上的编号，例如 20261122-483920")),
    "code": (_("查询码"), _("回执上的 10 位数字")),
    "score": (_("您满意吗"), ""),
    "kind": (_("您要办什么"), ""),
    "leader": (_("写给哪位领导"), ""),
    "reported": (_("举报谁"), _("单位的全称，或者个人的姓名和所在单位")),
    "happened": (_("什么时候的事"), _("例如：2026年9月下旬，或者每天夜里")),
    "naming": (_("用不用真实姓名"), ""),
    "document_number": (_("文号"), _("知道就写，例如 澄政发〔2026〕1号")),
    "form": (_("想要什么形式"), ""),
    "delivery": (_("怎么给您"), _("在网站上查看的，凭编号和查询码")),
    "applicant": (_("谁来申请"), ""),
    "id_kind": (_("有效身份证件"), ""),
    "id_number": (_("证件号码"), _("加密保存，只给办理的人看，每次查看都有记录")),
    "credit_code": (_("统一社会信用代码"), _("18 位，见营业执照或者登记证书")),
    "representative": (_("法定代表人或者负责人"), ""),
    "agent": (_("联系人"), ""),
}  # fmt: skip
# What the same field is called where it asks for something else.
LABELS_OF: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("error_report", "text"): (_("错在哪里"), _("原来写的是什么，应该是什么；打不开的，点了哪里")),
    ("error_report", "place"): (_("在哪里"), ""),
    ("report", "title"): (_("标题"), _("用一句话说是什么事，不要写您自己的姓名")),
    ("report", "text"): (_("经过和证据"), _("谁、做了什么、有什么凭据。照片、单据可以放在下面的附件里")),
    ("report", "phone"): (_("电话"), _("只给承办的人看，每次查看都有记录")),
    ("disclosure", "title"): (_("要什么信息"), _("信息的名称，例如：湖滨路北段改造工程的竣工验收报告")),
    ("disclosure", "text"): (
        _("怎么找得到它"),
        _("哪一年、哪个单位、什么事。写得越清楚，找得越快；看不出要什么的，会请您补正一次"),
    ),
    ("disclosure", "email"): (
        _("电子邮箱"),
        _("用来发回执、补正、延长和有结果的通知，邮件里没有申请的内容，随时可以停"),
    ),
    ("disclosure", "name"): (_("姓名或者单位名称"), _("与证件一致")),
    ("disclosure", "address"): (_("通信地址"), _("邮寄的必须写")),
    ("supplement", "text"): (_("补充什么"), ""),
    ("withdraw", "text"): (_("为什么撤回"), ""),
    ("rate", "text"): (_("想说的话"), ""),
    ("dispute", "text"): (_("哪里不认可"), _("例如：答非所问、问题没有解决、与事实不符")),
    ("reopen", "text"): (_("为什么要重新办理"), ""),
}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "category": {
        "cannot_open": _("打不开"), "not_updated": _("内容不更新"), "wrong": _("内容不准确"), "no_reply": _("咨询留言没人回复"),
        "typo": _("错别字"), "false_content": _("虚假、伪造的内容"), "other": _("其他"),
    },
    "naming": {
        "named": _("用真实姓名，办理的人可以找我核实，结果告诉我"), "anonymous": _("不写姓名，凭编号和查询码看进度"),
    },
    "form": {"electronic": _("电子件"), "paper": _("纸质"), "either": _("都可以")},
    "delivery": {
        "site": _("在网站上查看"), "post": _("邮寄"), "collect": _("自己来取"), "email": _("发到邮箱"), "hotline": _("电话告知"),
    },
    "applicant": {
        "natural": _("个人"), "company": _("商业企业"), "research": _("科研机构"), "public_benefit": _("社会公益组织"),
        "legal_service": _("法律服务机构"), "other": _("其他法人或者组织"),
    },
    "id_kind": {
        "id_card": _("居民身份证"), "passport": _("护照"), "permit": _("港澳台居民居住证或者通行证"), "other": _("其他有效证件"),
    },
    "public": {"yes": _("可以公开（不含个人信息）"), "no": _("不公开")},
    "score": {"5": _("非常满意"), "4": _("满意"), "3": _("基本满意"), "2": _("不满意"), "1": _("非常不满意")},
}  # fmt: skip
ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "supplement": (_("补充材料"), _("提交补充")),
    "withdraw": (_("撤回"), _("撤回这封信")),
    "rate": (_("评价"), _("提交评价")),
    "dispute": (_("对办理结果有异议"), _("提交异议")),
    "reopen": (_("要求重新办理"), _("提交（只有一次）")),
}
# What the same act is called where it is another thing that is taken back.
ACTS_OF: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("comment", "withdraw"): (_("撤回评论"), _("撤回这条评论")),
}
STATES: Final[Mapping[str, str]] = {
    "received": _("已收到"), "incomplete": _("等您补充"), "returned": _("不予受理"), "accepted": _("已受理"),
    "handling": _("正在办理"), "waiting": _("等您补充"), "reviewing": _("正在办理"), "passing": _("正在办理"),
    "ready": _("正在办理"), "answered": _("已答复"), "closed": _("已办结"), "disputed": _("异议处理中"),
    "withdrawn": _("已撤回"), "merged": _("已合并办理"), "correcting": _("等您补正"), "consulting": _("正在征求意见"),
    "decided": _("已答复"), "paying": _("等您缴费"), "comment_shown": _("评论已显示在网页下面"),
    "comment_refused": _("评论没有显示"), "comment_hidden": _("评论已隐藏"), "comment_answered": _("单位已回应"),
}  # fmt: skip

# By code of the fault, and where one field needs a sentence of its own by (code, field).
FAULTS: Final[Mapping[str | tuple[str, str], str]] = {
    "missing": _("这一项需要填写"),
    ("missing", "title"): _("请写一个标题"),
    ("missing", "text"): _("请写内容"),
    ("missing", "name"): _("请写怎么称呼您"),
    ("missing", "public"): _("请选择是否可以公开"),
    ("missing", "category"): _("请选择是什么样的错"),
    ("missing", "score"): _("请选择是否满意"),
    ("missing", "kind"): _("请选择要办什么"),
    ("missing", "leader"): _("请选择写给哪位领导"),
    "no_mailbox": _("这位领导没有开通信箱，请从下面选一位"),
    "mailbox_closed": _("这个信箱现在不收信：%(name)s"),
    "no_words": _("请写您想问的话"),
    "talk_files_many": _(
        "一次咨询最多交 %(limit)s 个附件，合计不超过 10 MB，这些没有发出；更多的请转为信件或者去掉几个"
    ),
    "words_too_long": _("一次最多 %(limit)s 个字，请分几次说"),
    ("missing", "reported"): _("请写明举报的是谁"),
    ("missing", "naming"): _("请选择用不用真实姓名"),
    ("missing", "form"): _("请选择要什么形式"),
    ("missing", "delivery"): _("请选择怎么给您"),
    ("missing", "applicant"): _("请选择是谁申请"),
    ("missing", "id_kind"): _("请选择证件"),
    ("missing", "id_number"): _("请写证件号码，这是条例要求的身份证明"),
    ("missing", "credit_code"): _("请写统一社会信用代码"),
    ("missing", "representative"): _("请写法定代表人或者负责人"),
    "missing_for_post": _("选了邮寄，请写通信地址"),
    "missing_for_mail": _("选了发到邮箱，请写电子邮箱"),
    "not_an_id_card": _("这不是有效的居民身份证号码，请照证件再写一遍"),
    "not_a_credit_code": _("这不是有效的统一社会信用代码，请照证书再写一遍"),
    ("missing", "human"): _("请回答下面的问题，数字或者汉字都可以"),
    ("missing", "number"): _("请写编号"),
    ("missing", "code"): _("请写查询码"),
    "too_short": _("太短了，至少写 %(limit)s 个字"),
    "too_long": _("太长了，最多 %(limit)s 个字；更多的可以放在附件里"),
    "not_a_choice": _("请从列出的选项里选一个"),
    "not_a_phone": _("这不像电话号码，请只写数字，座机请带区号"),
    "not_an_email": _("这不像邮箱地址，应当像 name@example.com"),
    "no_contact": _("请留下电话或者邮箱，至少一样，否则无法答复您"),
    "unknown": _("这一项不能这样填写"),
    "unanswered": _("这一题需要回答"),
    "choose_at_least": _("至少要选 %(limit)s 项"),
    "choose_at_most": _("最多选 %(limit)s 项，请去掉几项"),
    "rank_all": _("请给每一项都排上名次"),
    "rank_twice": _("有两项排了同一个名次，请改一项"),
    "rows_missing": _("请逐行都选一项"),
    "no_opinion": _("请写下您的意见"),
    "no_question": _("请写下您想问的问题"),
    "question_too_long": _("太长了，最多 %(limit)s 个字；可以分几次提"),
    "no_comment": _("请写下您的评论"),
    "comment_too_long": _("太长了，最多 %(limit)s 个字；要说的多，可以写信"),
    "no_vote": _("请选择有用还是没用"),
    "reason_too_long": _("太长了，最多 %(limit)s 个字"),
    "opinion_too_long": _("太长了，最多 %(limit)s 个字；可以分几次提"),
    "not_of_this_site": _("这个地址不是本网站的网页，请核对，或者用文字说明在哪里"),
    "not_human": _("答案不对，请再算一次"),
    "too_quick": _("提交得太快了，请核对一遍内容再按“提交”"),
    "not_a_number": _("编号是 14 位或 15 位数字，请照回执再写一遍"),
    "not_a_code": _("查询码是 10 位数字，请照回执再写一遍"),
    "not_found": _("编号或者查询码不对，请照回执核对"),
    "too_many_tries": _("试的次数太多了，请过几分钟再试"),
    "empty": _("“%(name)s”是空文件，没有收下"),
    "too_large": _("“%(name)s”超过 5 MB，没有收下，请压缩后再选"),
    "program": _("“%(name)s”其实是程序，不能接收"),
    "wrong_type": _("“%(name)s”的类型不接收，请用照片、PDF、docx 或 xlsx"),
    "disguised": _("“%(name)s”的内容和扩展名不符，请确认没有改过文件名"),
    "damaged": _("“%(name)s”已损坏，打不开"),
    "macros": _("“%(name)s”含有宏，请另存为不含宏的文件再选"),
    "locked": _("“%(name)s”加了密码或者是旧格式，请去掉密码、另存为新格式再选"),
    "bomb": _("“%(name)s”解开后太大，不能接收"),
    "too_many": _("最多 %(limit)s 个附件，“%(name)s”没有收下"),
    "whole_too_large": _("附件合计超过 10 MB，“%(name)s”没有收下"),
    "no_room": _("现在存不下附件，“%(name)s”没有收下；信可以先提交，附件以后再补充"),
}
TROUBLES: Final[Mapping[str, str]] = {
    "busy": _("提交的人太多，请过一会儿再按一次，填写的内容都在。"),
    "full": _("系统暂时存不下来信，请过一会儿再按一次，填写的内容都在。"),
    "not_now": _("这封信现在不能这样办理，下面是最新的进度。"),
    "often": _("下载得太频繁了，请过几分钟再试。"),
    "gone": _("这个文件现在取不到：可能已过下载期。请向办理单位索取。"),
    "coming": _("还没有开始，现在不能提交。填写的内容都在下面。"),
    "over": _("已经结束，不能再提交了。您填写的内容还在下面，可以复制下来。"),
    "page_gone": _("这一页已经撤下，或者不再开放评论和评价，没有提交。您填写的内容还在下面，可以复制下来。"),
    "talk_closed": _("现在不能开始咨询，原因在下面。您写的还在，可以直接写成信。"),
    "talk_cookie": _("请再按一次“开始咨询”，您写的还在。如果还是这样，请在浏览器里允许 cookie，或者直接写信。"),
    "talk_many": _("您这个网络地址已有几位在排队，请等他们接通以后再开始，或者直接写成信。您写的还在。"),
    "talk_again": _("请再按一次“开始咨询”，您写的还在。"),
    "talk_over": _("咨询已经结束，这一句没有发出，还在下面。可以重新咨询，或者转为信件。"),
    "talk_long": _("这次咨询已经很长了，这一句没有发出，还在下面。请结束后重新咨询，或者转为信件。"),
    "talk_quick": _("发得太快了，请等几秒再按一次，您写的还在。"),
    "unreadable": _("没有读懂提交的内容，请重新打开这一页。"),
}
NUMERALS: Final = (
    _("零"), _("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("七"), _("八"), _("九"),
)  # fmt: skip
WRONG: Final = _("有错误")
TITLES: Final[Mapping[str, str]] = {
    "entrance": _("我要说"), "kind": _("您要办什么"), "matter": _("是什么事"), "person": _("您是谁，怎么联系您"),
    "leader": _("写给哪位领导"), "naming": _("用不用真实姓名"), "how": _("想怎么拿到"), "applicant": _("谁来申请"),
    "check": _("核对一遍，再提交"), "receipt": _("已经收到您的来信"), "follow": _("查询办理进度"), "case": _("办理进度"),
    "stop": _("不再收邮件"),
    "comment": _("发表评论"), "comment_check": _("核对一遍，再提交"), "comment_receipt": _("已经收到您的评论"),
    "vote": _("这一页有用吗"), "voices_gone": _("没有提交成功"), "talk": _("在线咨询"),
    "trouble": _("没有提交成功"), "thanks": _("已经收到，谢谢您"),
}  # fmt: skip
