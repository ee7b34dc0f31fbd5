"""What states, acts, applicants and decisions are called, on the screens of staff and in what the applicant is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiyue.domain.disclosure import Act, State
from jiyue.domain.disclosure_fees import FeeClock, Method
from jiyue.domain.disclosure_outcomes import Applicant, Decision, Group, Remedy, Row, Verdict
from jiyue.domain.disclosure_report import CARRIED_IN, CARRIED_ON, NEW, SETTLED

STATES: dict[State, Any] = {
    State.RECEIVED: _("待审查"), State.CORRECTING: _("待补正"), State.HANDLING: _("办理中"), State.CONSULTING: _("征求意见中"),
    State.PAYING: _("待缴费"),
    State.REVIEWING: _("答复待审核"), State.READY: _("答复待发出"), State.DECIDED: _("已答复"), State.WITHDRAWN: _("已撤回"),
}  # fmt: skip
ACTS: dict[Act, Any] = {
    Act.RECEIVE: _("收到申请"), Act.REGISTER: _("登记申请"), Act.ACCEPT: _("审查通过"), Act.TRANSFER: _("转其他单位"),
    Act.NOTIFY: _("告知补正"), Act.CORRECT: _("登记补正"), Act.LAPSE: _("逾期不补正办结"), Act.CONSULT: _("征求意见"),
    Act.OPINION: _("登记意见"), Act.ASK_TIME: _("申请延长"), Act.GRANT_TIME: _("同意延长"), Act.DENY_TIME: _("不同意延长"),
    Act.ASK_FEE: _("起草收费通知"), Act.CHARGE: _("同意并发收费通知"), Act.DENY_FEE: _("不同意收费通知"),
    Act.PAY: _("登记缴费"), Act.WAIVE: _("撤销收费通知"),
    Act.SUBMIT: _("答复送审"), Act.APPROVE: _("审核通过"), Act.SEND_BACK: _("退回"), Act.SEND: _("发出答复"),
    Act.DELIVER: _("登记送达"), Act.REMEDY: _("登记复议诉讼"), Act.SUPPLEMENT: _("申请人补充"), Act.WITHDRAW: _("申请人撤回"),
}  # fmt: skip
# What the applicant reads of a step; only of acts that the table tells her.
TOLD: dict[Act, Any] = {
    Act.RECEIVE: _("收到您的申请"), Act.REGISTER: _("收到并登记您的申请"), Act.ACCEPT: _("审查通过，由%(unit)s办理"),
    Act.TRANSFER: _("转由%(unit)s办理"), Act.NOTIFY: _("请您补正，答复期限从收到补正之日重新计算"),
    Act.CORRECT: _("收到您的补正，答复期限从收到之日起算"), Act.LAPSE: _("没有按期补正，视为放弃申请，不再处理"),
    Act.CONSULT: _("正在征求意见，所需时间按规定不计入答复期限"), Act.OPINION: _("征求意见结束，继续办理"),
    Act.CHARGE: _("请缴纳信息处理费，数额、怎么缴和期限见收费通知"), Act.PAY: _("收到您缴纳的信息处理费，继续办理"),
    Act.WAIVE: _("收费通知已经撤销，不用缴费，继续办理"),
    Act.GRANT_TIME: _("答复期限经批准延长"), Act.SEND: _("已答复"), Act.DELIVER: _("已按您选的方式送达"),
    Act.SUPPLEMENT: _("您补充了材料"), Act.WITHDRAW: _("您撤回了申请"),
}  # fmt: skip
APPLICANTS: dict[Applicant, Any] = {
    Applicant.NATURAL: _("自然人"), Applicant.COMPANY: _("商业企业"), Applicant.RESEARCH: _("科研机构"),
    Applicant.PUBLIC_BENEFIT: _("社会公益组织"), Applicant.LEGAL_SERVICE: _("法律服务机构"), Applicant.OTHER: _("其他法人或组织"),
}  # fmt: skip
DECISIONS: dict[Decision, Any] = {
    Decision.DISCLOSED: _("予以公开"), Decision.ALREADY_PUBLIC: _("已经主动公开，告知获取途径"), Decision.PARTIAL: _("部分公开"),
    Decision.STATE_SECRET: _("不予公开：属于国家秘密"), Decision.LAW_FORBIDS: _("不予公开：其他法律行政法规禁止公开"),
    Decision.SAFETY: _("不予公开：危及“三安全一稳定”"), Decision.THIRD_PARTY: _("不予公开：保护第三方合法权益"),
    Decision.INTERNAL: _("不予公开：属于三类内部事务信息"), Decision.PROCESS: _("不予公开：属于四类过程性信息"),
    Decision.ENFORCEMENT_FILE: _("不予公开：属于行政执法案卷"), Decision.INQUIRY: _("不予公开：属于行政查询事项"),
    Decision.NOT_HELD: _("无法提供：本机关不掌握相关政府信息"), Decision.OTHER_BODY: _("无法提供：不属于本机关负责公开"),
    Decision.TO_BE_MADE: _("无法提供：没有现成信息需要另行制作"),
    Decision.STILL_UNCLEAR: _("无法提供：补正后申请内容仍不明确"), Decision.PETITION: _("不予处理：信访举报投诉类申请"),
    Decision.REPEATED: _("不予处理：重复申请"), Decision.PUBLICATION: _("不予处理：要求提供公开出版物"),
    Decision.EXCESSIVE: _("不予处理：无正当理由大量反复申请"),
    Decision.CONFIRMATION: _("不予处理：要求行政机关确认或重新出具已获取信息"),
    Decision.NOT_CORRECTED: _("其他处理：申请人无正当理由逾期不补正"),
    Decision.FEE_UNPAID: _("其他处理：申请人逾期未按收费通知要求缴纳费用"), Decision.OTHER: _("其他处理：其他"),
}  # fmt: skip
DEALT: Any = _("三、本年度办理结果")
GROUPS: dict[Group, Any] = {
    Group.DISCLOSED: _("（一）予以公开"), Group.PARTIAL: _("（二）部分公开"), Group.REFUSED: _("（三）不予公开"),
    Group.IMPOSSIBLE: _("（四）无法提供"), Group.NOT_HANDLED: _("（五）不予处理"), Group.OTHER: _("（六）其他处理"),
}  # fmt: skip
ROWS: dict[str, Any] = {
    NEW: _("一、本年新收政府信息公开申请数量"), CARRIED_IN: _("二、上年结转政府信息公开申请数量"),
    f"row:{Row.DISCLOSED}": _("（一）予以公开"), f"row:{Row.PARTIAL}": _("（二）部分公开"),
    f"row:{Row.STATE_SECRET}": _("1.属于国家秘密"), f"row:{Row.LAW_FORBIDS}": _("2.其他法律行政法规禁止公开"),
    f"row:{Row.SAFETY}": _("3.危及“三安全一稳定”"), f"row:{Row.THIRD_PARTY}": _("4.保护第三方合法权益"),
    f"row:{Row.INTERNAL}": _("5.属于三类内部事务信息"), f"row:{Row.PROCESS}": _("6.属于四类过程性信息"),
    f"row:{Row.ENFORCEMENT_FILE}": _("7.属于行政执法案卷"), f"row:{Row.INQUIRY}": _("8.属于行政查询事项"),
    f"row:{Row.NOT_HELD}": _("1.本机关不掌握相关政府信息"), f"row:{Row.TO_BE_MADE}": _("2.没有现成信息需要另行制作"),
    f"row:{Row.STILL_UNCLEAR}": _("3.补正后申请内容仍不明确"), f"row:{Row.PETITION}": _("1.信访举报投诉类申请"),
    f"row:{Row.REPEATED}": _("2.重复申请"), f"row:{Row.PUBLICATION}": _("3.要求提供公开出版物"),
    f"row:{Row.EXCESSIVE}": _("4.无正当理由大量反复申请"),
    f"row:{Row.CONFIRMATION}": _("5.要求行政机关确认或重新出具已获取信息"),
    f"row:{Row.NOT_CORRECTED}": _("1.申请人无正当理由逾期不补正"),
    f"row:{Row.FEE_UNPAID}": _("2.申请人逾期未按收费通知要求缴纳费用"), f"row:{Row.OTHER}": _("3.其他"),
    SETTLED: _("（七）总计"), CARRIED_ON: _("四、结转下年度继续办理"),
}  # fmt: skip
REMEDIES: dict[Remedy, Any] = {
    Remedy.RECONSIDERATION: _("行政复议"), Remedy.SUIT: _("行政诉讼：未经复议直接起诉"),
    Remedy.SUIT_AFTER: _("行政诉讼：复议后起诉"),
}  # fmt: skip
VERDICTS: dict[Verdict, Any] = {
    Verdict.UPHELD: _("结果维持"), Verdict.CORRECTED: _("结果纠正"), Verdict.OTHER: _("其他结果"), Verdict.PENDING: _("尚未审结"),
}  # fmt: skip
FORMS: dict[str, Any] = {"electronic": _("电子件"), "paper": _("纸质"), "either": _("纸质、电子件都可以")}
DELIVERIES: dict[str, Any] = {
    "site": _("网站查看"), "post": _("邮寄"), "collect": _("当面领取"), "email": _("电子邮件"), "hotline": _("电话告知"),
}  # fmt: skip
METHODS: dict[Method, Any] = {Method.BY_ITEM: _("按件"), Method.BY_QUANTITY: _("按量")}
CLOCKS: dict[FeeClock, Any] = {
    FeeClock.RUNS: _("答复期限继续计算"), FeeClock.STOPS: _("缴费的时间不计入答复期限"),
    FeeClock.RESTARTS: _("答复期限从缴费之日重新计算"),
}  # fmt: skip
