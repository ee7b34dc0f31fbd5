"""Each event's name and one sentence that takes its facts. A contract test asks for all of them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """`label` names the event in lists and filters; `sentence` takes the event's facts as %(name)s."""

    label: Any
    sentence: Any


def _words(label: Any, sentence: Any) -> Words:
    return Words(label, sentence)


WORDS: dict[str, Words] = {
    "identity.organisation_changed": _words(_("修改单位"), _("修改单位资料")),
    "identity.account_opened": _words(_("开通账号"), _("为“%(name)s”开通账号 %(username)s，职责：%(duty)s")),
    "identity.account_changed": _words(_("修改账号"), _("修改账号资料")),
    "identity.account_switched": _words(_("停用或启用账号"), _("%(active)s账号 %(username)s，原因：%(reason)s")),
    "identity.password_reset": _words(
        _("签发临时密码"), _("为账号 %(username)s 签发临时密码，%(until)s 前有效，原有登录全部失效")
    ),
    "identity.password_chosen": _words(_("设定密码"), _("账号 %(username)s 的本人设定了新密码（代替临时密码：%(first)s）")),
    "identity.account_released": _words(_("确认账号"), _("确认账号 %(username)s 由本人使用（待确认的操作人：%(held_by)s）")),
    "identity.sign_in_closed": _words(
        _("登录失败过多"), _("有人多次输错账号 %(username)s 的密码，登录暂停到 %(until)s")
    ),
    "identity.membership_given": _words(_("任命平台角色"), _("任命为%(role)s，范围：%(organisation)s")),
    "identity.membership_taken": _words(_("免去平台角色"), _("免去%(role)s，范围：%(organisation)s")),
    "estate.site_changed": _words(_("修改网站设置"), _("修改网站设置")),
    "concerns.opened": _words(_("登记关切事项"), _("登记%(concern)s“%(title)s”，责任单位：%(unit)s")),
    "concerns.closed": _words(_("办结关切事项"), _("办结“%(title)s”：%(outcome)s")),
    "concerns.withdrawn": _words(_("撤销关切事项"), _("撤销“%(title)s”，原因：%(reason)s")),
    "concerns.step_recorded": _words(_("登记处置步骤"), _("“%(title)s”%(step)s（%(done_at)s）：%(what)s")),
    "concerns.step_struck": _words(_("划去处置步骤"), _("划去“%(title)s”的%(step)s，原因：%(reason)s")),
    "concerns.answer_linked": _words(_("关联发布稿件"), _("“%(title)s”由稿件 %(record)s 回应")),
    "concerns.contact_saved": _words(_("登记联系单位"), _("%(unit)s登记联系单位“%(name)s”")),
    "concerns.contact_ended": _words(_("停用联系单位"), _("%(unit)s停用联系单位“%(name)s”")),
    "interaction.stepped": _words(_("信件办理"), 
        _("信件 %(number)s：%(letter_act)s（%(letter_from)s → %(letter_to)s），承办单位：%(unit)s"),
    ),
    "interaction.sender_seen": _words(_("查看来信人"), _("查看信件 %(number)s 来信人的姓名和联系方式")),
    "interaction.report_opened": _words(_("查看举报"), _("打开举报 %(number)s")),
    "interaction.mailbox": _words(_("领导信箱"), _("%(leader)s的信箱：%(mailbox_act)s，来信交给%(desk)s")),
    "interaction.leader_named": _words(_("指定领导账号"), _("%(leader)s的信箱由账号 %(username)s 本人查看")),
    "interaction.leader_unnamed": _words(_("取消领导账号"), _("账号 %(username)s 不再查看%(leader)s的信箱")),
    "interaction.leader_read": _words(_("领导查看来信"), _("领导打开信件 %(number)s")),
    "interaction.mail_stopped": _words(_("来信人停收邮件"), _("信件 %(number)s 的来信人不再收邮件通知")),
    "interaction.notice_failed": _words(_("邮件没有发出"), _("信件 %(number)s 的邮件通知没有发出：%(problem)s")),
    "interaction.file_opened": _words(_("下载来信附件"), _("下载信件 %(number)s 的附件 %(name)s")),
    "interaction.public_version": _words(_("信件公开版"), _("信件 %(number)s 的公开版：%(public_state)s")),
    "disclosure.stepped": _words(
        _("公开申请办理"),
        _("公开申请 %(number)s：%(disclosure_act)s（%(disclosure_from)s → %(disclosure_to)s），办理单位：%(unit)s"),
    ),
    "disclosure.applicant_seen": _words(_("查看申请人"), _("查看公开申请 %(number)s 申请人的身份")),
    "disclosure.file_opened": _words(_("下载申请附件"), _("下载公开申请 %(number)s 的附件 %(name)s")),
    "disclosure.letter_taken": _words(_("下载公开文书"), _("下载公开申请 %(number)s 的文书 %(name)s")),
    "disclosure.answer_file_opened": _words(
        _("下载答复附件"), _("下载公开申请 %(number)s 的答复附件 %(name)s")
    ),
    "disclosure.mail_stopped": _words(_("停收邮件"), _("公开申请 %(number)s 的申请人不再收邮件")),
    "disclosure.notice_failed": _words(_("邮件通知没有发出"), _("公开申请 %(number)s 的邮件通知没有发出：%(problem)s")),
    "disclosure.annual_saved": _words(_("填写公开年度报告"), _("填写 %(year)s 年政府信息公开工作年度报告")),
    "disclosure.annual_drawn": _words(_("生成公开年度报告稿件"), _("由 %(year)s 年政府信息公开工作年度报告生成稿件")),
    "disclosure.report_kept": _words(_("确认公开年报表"), _("确认 %(year)s 年政府信息公开年报表")),
    "interaction.letter_service": _words(_("记所问的办事事项"), _("信件 %(number)s 所问的办事事项：%(service)s")),
    "interaction.reply_marked": _words(_("标记答复质量"), _("信件 %(number)s 的答复：%(reply_fault)s")),
    "interaction.code_told": _words(_("告知查询码"), _("为信件 %(number)s 生成查询码并由经办人告知来信人，原来的查询码作废")),
    "interaction.sender_matched": _words(_("比对来信人"), _("登记时输入的联系方式与信件 %(number)s 的来信人相同")),
    "interaction.analysis_made": _words(_("来信情况分析"), _("下载 %(period)s 的来信情况分析（%(number)s 个网站，%(form)s）")),
    "interaction.analysis_asked": _words(_("来信情况分析"), _("分析 %(period)s 的来信情况（%(number)s 个网站）")),
    "interaction.letter_exported": _words(_("导出信件"), _("信件 %(number)s 列入导出的表格")),
    "interaction.error_file": _words(
        _("接收来件文件"), _("接收%(channel)s文件“%(name)s”：登记 %(taken)s 条，以前登记过 %(known)s 条，没有登记 %(refused)s 条")
    ),
    "interaction.error_answers": _words(_("生成答复文件"), _("生成给%(channel)s的答复文件，共 %(number)s 条")),
    "interaction.error_answers_taken": _words(_("下载答复文件"), _("下载答复文件 %(name)s")),
    "interaction.text_block_changed": _words(_("维护答复模板"), _("答复模板“%(title)s”：%(block_change)s")),
    "interaction.letter_set_aside": _words(_("来信无法读取"), _("信箱里的 %(token)s 无法读取，已移到待查处：%(problem)s")),
    "interaction.set_aside_settled": _words(_("处理待查来信"), _("待查来信 %(token)s：%(outcome)s")),
    "interaction.answers_began": _words(_("收到第一份答卷"), _("调查“%(title)s”收到第一份答卷，题目从此不能再改")),
    "interaction.text_quoted": _words(_("摘录填空"), _("摘录“%(title)s”第 %(question)s 题的一条填空，供结果公开")),
    "interaction.quote_dropped": _words(_("取消摘录"), _("取消“%(title)s”第 %(question)s 题的一条摘录")),
    "interaction.opinions_grouped": _words(_("意见归类"), _("“%(title)s”的 %(number)s 条意见归为“%(group)s”")),
    "interaction.opinion_group_decided": _words(
        _("意见处理"), _("“%(title)s”的“%(group)s”类意见：%(opinion_outcome)s")
    ),
    "interaction.result_drawn_up": _words(_("生成征集调查结果"), _("生成“%(title)s”的结果，收到 %(number)s 份")),
    "interaction.interview_question_chosen": _words(_("选用网友提问"), _("访谈“%(title)s”选用了一条网友提问")),
    "interaction.interview_question_aside": _words(
        _("不用网友提问"), _("访谈“%(title)s”有一条网友提问不用，原因：%(reason)s")
    ),
    "interaction.enquiry_stepped": _words(_("在线咨询"), _("在线咨询 %(number)s：%(enquiry_act)s %(enquiry_end)s%(to)s")),
    "interaction.enquiry_duty": _words(_("咨询台在岗"), _("%(label)s：%(enquiry_act)s")),
    "interaction.enquiry_desk": _words(_("设置咨询台"), _("咨询台%(enquiry_act)s，工作日 %(hours)s 开放")),
    "interaction.live_word": _words(_("文字直播"), _("“%(title)s”文字直播第 %(number)s 条：%(live_act)s")),
    "interaction.live_refused": _words(
        _("直播文字不符"), _("“%(title)s”的直播文字从第 %(number)s 条起与封印或签发的安排不符，已停止公开")
    ),
    "interaction.transcript_drawn_up": _words(_("整理访谈实录"), _("整理“%(title)s”的访谈实录，共 %(number)s 条直播文字")),
    "interaction.comment_order": _words(
        _("安排评论和评价"),
        _("“%(place)s”的评论和评价：%(comment_order_act)s；评论：%(comments)s，评价：%(votes)s，审核账号：%(keepers)s"),
    ),
    "interaction.comment_received": _words(_("收到评论"), _("收到对“%(title)s”的评论 %(number)s")),
    "interaction.comment_decided": _words(
        _("办理评论"),
        _(
            "“%(title)s”的评论 %(number)s：%(comment_act)s（%(ground)s），说明：%(reason)s，盖住个人信息：%(is_covered)s，"
            "看过提示：%(was_hinted)s"
        ),
    ),
    "interaction.comments_broken": _words(
        _("评论办理记录不符"), _("“%(title)s”的评论办理记录从第 %(number)s 条起与封印或签发的安排不符，已停止公开")
    ),
    "interaction.comments_examined": _words(
        _("复查评论"), _("%(night)s 夜复查：公开 %(public)s 条，读过 %(read)s 条，新有疑问 %(found)s 条")
    ),
    "interaction.comment_doubts_cleared": _words(
        _("评论复查后照旧显示"), _("看过“%(title)s”的评论 %(number)s 的复查疑问，照旧显示")
    ),
    "interaction.comment_vote_reasons_seen": _words(
        _("查看评价原因"), _("查看读者对“%(title)s”写下的评价原因")
    ),
    "interaction.comment_votes_exported": _words(_("导出网页评价"), _("导出 %(number)s 个网页的评价")),
    "interaction.answers_exported": _words(_("导出征集调查"), _("导出“%(title)s”收到的 %(number)s 份内容")),
    "estate.window_planned": _words(_("登记飘窗"), _("登记飘窗“%(title)s”，到 %(until)s 为止")),
    "estate.window_ended": _words(_("取消飘窗"), _("取消飘窗“%(title)s”")),
    "estate.mark_picture_changed": _words(_("更换标识图片"), _("更换标识图片：%(mark)s")),
    "estate.site_status_changed": _words(_("网站状态变更"), _("由“%(before)s”变为“%(after)s”，原因：%(reason)s")),
    "estate.appointed": _words(_("任命"), _("任命 %(user)s 为%(role)s")),
    "estate.dismissed": _words(_("免去任职"), _("免去 %(user)s 的%(role)s")),
    "estate.notice_corrected": _words(_("更正网站公告"), _("把公告“%(before)s”更正为“%(after)s”：%(reason)s")),
    "estate.notice_posted": _words(_("登记网站公告"), _("登记%(kind)s“%(text)s”，到 %(until)s 为止")),
    "content.file_described": _words(_("修改文件说明"), _("修改“%(name)s”的说明与权利")),
    "content.exchange_source_added": _words(_("登记交换来源"), _("登记交换来源“%(name)s”（%(address)s），放入 %(column)s")),
    "content.exchange_source_stopped": _words(_("停用交换来源"), _("停用交换来源“%(name)s”，原因：%(reason)s")),
    "content.exchanged": _words(
        _("接收交换数据"),
        _("从“%(name)s”接收：新草稿 %(taken)s，更正 %(changed)s，撤下 %(withdrawn)s，未接收 %(refused)s。%(problem)s"),
    ),
    "content.exchange_exported": _words(_("导出资源库"), _("导出公开的记录 %(records)s 条。%(problem)s")),
    "content.reuse_considered": _words(
        _("查看相近栏目"), _("新建栏目“%(name)s”前看过相近的栏目：%(found)s。仍要新建的理由：%(reason)s")
    ),
    "content.files_removed": _words(_("移除没有用到的文件"), _("从文件库移除：%(names)s")),
    "rules.change_proposed": _words(_("提出规则调整"), _("提出%(matter)s：%(what)s，%(from_on)s起。理由：%(grounds)s")),
    "rules.change_approved": _words(_("批准规则调整"), _("批准%(matter)s：%(what)s，%(from_on)s起。%(reply)s")),
    "rules.change_refused": _words(_("不批准规则调整"), _("不批准%(matter)s：%(what)s。原因：%(reply)s")),
    "review.stopped": _words(_("检测拦下送审"), _("送审被内容检测拦下：%(findings)s")),
    "review.finding_waived": _words(
        _("豁免检测问题"), _("第 %(version)s 版豁免%(detector)s（%(place)s），理由：%(grounds)s，依据：%(basis)s")
    ),
    "review.waiver_revoked": _words(
        _("撤销豁免"), _("撤销%(granted_by)s对%(detector)s（%(place)s）的豁免，理由：%(reason)s；已公开、须重新处理：%(public)s")
    ),
    "review.site_examined": _words(
        _("复查公开内容"),
        _("%(night)s 夜间复查：公开 %(public)s 件，重新检测 %(read)s 件，新问题 %(found)s 处，了结 %(settled)s 处"),
    ),
    "review.rectification_opened": _words(_("开始整改"), _("公开内容中发现%(detector)s，要求整改")),
    "review.rectification_assigned": _words(_("指定整改人"), _("整改由%(name)s负责")),
    "review.rectification_reported": _words(_("填报整改情况"), _("报告已整改：%(measures)s")),
    "review.rectification_failed": _words(_("整改复查未通过"), _("夜间复查时问题还在；填报的整改情况：%(measures)s")),
    "review.rectification_closed": _words(_("整改复查通过"), _("整改复查通过：%(handling)s")),
    "review.inspection_planned": _words(
        _("安排保密安全检查"), _("安排检查“%(name)s”，%(held_on)s，网站：%(sites)s，参加单位：%(participants)s")
    ),
    "review.inspection_drawn": _words(
        _("检查抽样"), _("检查“%(name)s”从 %(drawn_from)s 件公开稿件中抽出 %(documents)s 件，台账末行 %(head)s，种子 %(seed)s")
    ),
    "review.inspection_cancelled": _words(_("取消检查"), _("取消检查“%(name)s”，原因：%(reason)s")),
    "review.inspection_concluded": _words(_("结束检查"), _("检查“%(name)s”结束，发现问题 %(found)s 个，结论：%(conclusion)s")),
    "review.item_inspected": _words(_("查看抽查件"), _("检查“%(name)s”查看一件：%(result)s")),
    "review.inspection_found": _words(
        _("检查发现问题"), _("检查“%(name)s”发现问题（%(nature)s）：%(what)s；要求：%(demand)s")
    ),
    "review.inspection_answered": _words(_("答复检查问题"), _("答复检查“%(name)s”的问题：%(answer)s")),
    "review.inspection_settled": _words(_("确认检查问题的处理"), _("检查“%(name)s”的问题处理到位：%(accepted)s；%(reason)s")),
    "review.consent_asked": _words(_("征求其他单位同意"), _("列出须征得“%(unit)s”同意")),
    "review.consent_recorded": _words(
        _("登记其他单位同意"), _("“%(unit)s”%(given_by)s于 %(given_on)s 同意，凭据：%(evidence)s")
    ),
    "review.consent_dropped": _words(_("取消征求同意"), _("不再列“%(unit)s”")),
    "review.leak_opened": _words(_("启动泄露处置"), _("启动泄露处置（%(kind)s）：%(what)s；发现人：%(finder)s")),
    "review.leak_closed": _words(_("结束泄露处置"), _("泄露处置结束：%(measures)s")),
    "checks.word_added": _words(_("添加检测用词"), _("在%(family)s词表中添加“%(text)s”，建议改为“%(suggestion)s”")),
    "checks.word_ended": _words(_("停用检测用词"), _("从%(family)s词表中停用“%(text)s”")),
    "checks.setting_decided": _words(_("修改检测设置"), _("设置%(kind)s：%(name)s，%(value)s。依据：%(basis)s")),
    "checks.setting_ended": _words(_("停用检测设置"), _("停用%(kind)s：%(name)s")),
    "rules.pack_noticed": _words(_("规则包更新"), _("规则包更新到 %(version)s 版")),
    "rules.standards_noticed": _words(_("数据标准更新"), _("随程序更新启用的数据标准：%(standards)s")),
    "rules.calendar_noticed": _words(
        _("放假安排更新"), _("随程序更新装入 %(years)s 年的放假安排，重新计算后有 %(moved)s 个事项的日期有变化或变为确定")
    ),
    "search.answer_promoted": _words(_("设置推荐答案"), _("检索“%(words)s”时推荐《%(title)s》")),
    "search.promotion_ended": _words(_("取消推荐答案"), _("检索“%(words)s”时不再推荐")),
    "search.synonyms_added": _words(_("添加同义词"), _("“%(words)s”按同义词检索")),
    "search.synonyms_ended": _words(_("删除同义词"), _("“%(words)s”不再按同义词检索")),
    "obligations.followed": _words(
        _("更新应办事项"), _("按事实更新应办事项：新增 %(arisen)s 项，变化 %(changed)s 项，终止 %(ended)s 项")
    ),
    "obligations.reminded": _words(_("提醒办理"), _("提醒办理“%(title)s”，时限 %(act_by)s")),
    "obligations.escalated": _words(_("逾期上报"), _("“%(title)s”逾期，由%(unit)s上报%(superior)s")),
    "obligations.due_moved": _words(
        _("重新计算期限"), _("“%(title)s”的期限由 %(due_before)s 改为 %(due_after)s，起因：%(cause)s")
    ),
    "obligations.rule_change_noted": _words(_("知悉规则变动"), _("知悉规则变动：%(what)s")),
    "obligations.rule_altered": _words(
        _("发现规则被改动"), _("留存的规则 %(parameter)s 与登记时的指纹不符，涉及 %(duties)s 个未完成事项（指纹 %(digest)s）")
    ),
    "obligations.met_by_hand": _words(_("人工办结"), _("办结“%(title)s”：%(note)s")),
    "obligations.person_named": _words(_("指定责任人"), _("指定 %(user)s 办理“%(title)s”")),
    "obligations.second_step_taken": _words(
        _("改用最迟期限"), _("“%(title)s”改用最迟期限 %(act_by)s。%(reason)s")
    ),
    "obligations.waiver_asked": _words(_("申请豁免"), _("申请豁免“%(title)s”，理由：%(grounds)s")),
    "obligations.waiver_granted": _words(_("批准豁免"), _("批准豁免“%(title)s”。%(reply)s")),
    "obligations.waiver_refused": _words(_("不批准豁免"), _("不批准豁免“%(title)s”，原因：%(reply)s")),
    "obligations.enrolled": _words(_("安排常设工作"), _("%(unit)s自 %(from_on)s 起承担常设工作（%(parameter)s）")),
    "obligations.released": _words(
        _("结束常设工作"), _("%(unit)s的常设工作（%(parameter)s）到 %(until_on)s 为止，原因：%(reason)s")
    ),
    "console.feed_made": _words(_("生成日历订阅"), _("生成待办日历的订阅地址")),
    "console.feed_revoked": _words(_("作废日历订阅"), _("作废待办日历的订阅地址")),
    "console.mail_chosen": _words(_("设置待办邮件"), _("设置待办邮件：%(mails)s，时间 %(at)s")),
    "content.column_saved": _words(_("修改栏目"), _("新建或修改栏目")),
    "content.column_closed": _words(_("关闭栏目"), _("关闭栏目 /%(path)s/，原因：%(reason)s")),
    "content.column_reopened": _words(_("恢复栏目"), _("恢复栏目 /%(path)s/")),
    "content.columns_limited": _words(_("限定栏目"), _("%(user)s（%(role)s）的栏目范围：%(columns)s")),
    "content.placement_changed": _words(_("取用"), _("取用由“%(before)s”变为“%(after)s”。%(reason)s")),
    "content.source_proposed": _words(_("提出稿源"), _("提出稿源“%(name)s”（%(host)s），理由：%(grounds)s")),
    "content.source_decided": _words(_("决定稿源"), _("稿源“%(name)s”（%(host)s）：%(state)s。%(opinion)s")),
    "content.text_kept": _words(_("保存原文"), _("保存%(role)s《%(title)s》（%(address)s）")),
    "content.feed_saved": _words(_("登记上级动态来源"), _("登记或修改来源“%(name)s”（%(address)s）")),
    "content.feed_stopped": _words(_("停用上级动态来源"), _("停用来源“%(name)s”（%(address)s）")),
    "content.entry_passed": _words(_("决定不转载"), _("《%(title)s》不转载（%(address)s）")),
    "content.taking_rule_saved": _words(_("修改取用规则"), _("新建或修改取用规则“%(rule)s”")),
    "content.taking_rule_changed": _words(
        _("取用规则"), _("取用规则“%(rule)s”由“%(before)s”变为“%(after)s”。%(reason)s")
    ),
    "content.file_stored": _words(_("上传文件"), _("上传文件：%(name)s")),
    "content.record_created": _words(_("新建稿件"), _("新建%(kind)s《%(title)s》，栏目 /%(column)s/")),
    "content.record_edited": _words(_("修改稿件"), _("修改《%(title)s》，存为第 %(revision)s 次修订")),
    "content.record_deleted": _words(_("删除草稿"), _("删除从未送审的草稿《%(title)s》")),
    "content.review_date_set": _words(_("复查内容"), _("复查《%(title)s》：%(note)s，下次复查 %(after)s")),
    "content.commitment_made": _words(_("登记公开承诺"), _("%(unit)s承诺“%(title)s”，%(due_on)s 前完成")),
    "content.commitment_kept": _words(_("兑现承诺"), _("承诺“%(title)s”已兑现：%(evidence)s")),
    "content.commitment_withdrawn": _words(_("撤销承诺"), _("撤销承诺“%(title)s”，原因：%(reason)s")),
    "content.change_notified": _words(_("登记变更通知"), _("%(changed_at)s 变更：%(what)s，涉及栏目 /%(path)s/")),
    "content.change_notice_withdrawn": _words(_("撤销变更通知"), _("撤销变更通知“%(what)s”，原因：%(reason)s")),
    "content.reprint_asked": _words(_("布置转载"), _("布置转载《%(title)s》，原发布时间 %(released_at)s")),
    "content.service_item_saved": _words(
        _("登记办事事项"), _("登记或修改办事事项“%(name)s”（%(item)s），目录编制单位：%(organisation)s")
    ),
    "content.services_imported": _words(
        _("录入服务事项"), _("从“%(name)s”登记事项 %(items)s 个，新建指南草稿 %(guides)s 份，没有录入 %(refused)s 个")
    ),
    "content.services_compared": _words(
        _("比对服务事项"),
        _(
            "和“%(source)s”比对：%(items)s 个事项，不一致 %(different)s，仅本站有 %(only_here)s，"
            "仅对方有 %(only_there)s。%(trouble)s"
        ),
    ),
    "content.service_source_set": _words(_("登记比对来源"), _("夜间比对的网址由“%(before)s”改为“%(after)s”")),
    "content.differences_taken": _words(_("采用平台内容"), _("“%(name)s”（%(item)s）采用对方的：%(elements)s")),
    "content.difference_kept": _words(
        _("保留本站内容"), _("“%(name)s”（%(item)s）的%(element)s保留本站的，理由：%(reason)s")
    ),
    "content.service_item_ended": _words(
        _("取消办事事项"), _("取消办事事项“%(name)s”（%(item)s），自 %(ended_on)s 起，原因：%(reason)s")
    ),
    "content.reprint_withdrawn": _words(_("撤销转载任务"), _("撤销转载《%(title)s》，原因：%(reason)s")),
    "content.column_decision_proposed": _words(_("提出栏目处置"), _("栏目 /%(path)s/ 拟%(outcome)s，理由：%(grounds)s")),
    "content.column_decision_made": _words(_("决定栏目处置"), _("栏目 /%(path)s/ %(outcome)s：%(state)s。%(opinion)s")),
    "content.column_decision_done": _words(_("办结栏目处置"), _("栏目 /%(path)s/ 已%(outcome)s")),
    "content.plan_proposed": _words(
        _("提出策划"), _("%(unit)s提出%(kind)s“%(title)s”，计划日期 %(due_on)s。已有相近内容：%(found)s。%(reason)s")
    ),
    "content.plan_decided": _words(_("决定策划"), _("%(kind)s“%(title)s”：%(state)s。%(opinion)s")),
    "content.plan_withdrawn": _words(_("撤回策划"), _("撤回%(kind)s“%(title)s”")),
    "content.plan_carried_out": _words(_("按策划办理"), _("%(kind)s“%(title)s”已办：%(led_to)s")),
    "content.progress_asked": _words(_("指定进展报送"), _("年度任务“%(title)s”由%(unit)s报送进展，周期：%(cycle)s")),
    "content.progress_released": _words(_("停止进展报送"), _("年度任务“%(title)s”不再由%(unit)s报送进展，原因：%(reason)s")),
    "content.column_change_reported": _words(_("报送栏目变更"), _("%(change)s /%(path)s/：%(note)s")),
    "content.column_change_answered": _words(_("栏目变更备案"), _("%(change)s /%(path)s/：%(state)s。%(opinion)s")),
    "content.catalogue_item_saved": _words(_("修改清单事项"), _("新建或修改政务公开清单事项")),
    "content.catalogue_item_removed": _words(_("移出清单事项"), _("“%(name)s”移出清单，原因：%(reason)s")),
    "content.catalogue_imported": _words(_("导入公开清单"), _("从“%(name)s”导入：新增 %(added)s 项，修改 %(changed)s 项")),
    "content.withholding_proposed": _words(_("申请不予公开"), _("“%(name)s”申请不公开，理由：%(reason)s")),
    "content.withholding_decided": _words(_("决定不予公开"), _("“%(name)s”不予公开：%(state)s。%(opinion)s")),
    "review.submitted": _words(_("送审"), _("送审第 %(version)s 版（%(act)s）")),
    "content.case_opened": _words(_("建立同步案件"), _("为《%(title)s》建立同步案件")),
    "content.case_planned": _words(_("修改解读方案"), _("修改同步案件的解读方案")),
    "content.case_material_changed": _words(_("调整案件材料"), _("%(moved)s解读“%(title)s”")),
    "content.case_dissolved": _words(_("解散同步案件"), _("解散《%(title)s》的同步案件，原因：%(reason)s")),
    "content.question_gathered": _words(_("登记公众关心的问题"), _("登记问题“%(words)s”，来自%(source)s")),
    "content.question_chosen": _words(_("选定要解读的问题"), _("问题“%(words)s”列入解读")),
    "content.question_declined": _words(_("不单独解读的问题"), _("问题“%(words)s”不单独解读，原因：%(reason)s")),
    "content.question_answered": _words(
        _("由解读回答问题"), _("问题“%(words)s”由解读“%(title)s”的“%(section)s”回答")
    ),
    "content.campaign_saved": _words(_("登记政策宣讲"), _("政策宣讲“%(title)s”，%(held_on)s 在%(place)s，文件 %(documents)s 份")),
    "content.campaign_removed": _words(_("删除政策宣讲"), _("删除政策宣讲“%(title)s”，原因：%(reason)s")),
    "review.awaits_others": _words(_("等待同步签发"), _("第 %(version)s 版各环节已通过，等待同案稿件一起签发")),
    "review.recalled": _words(_("撤回送审"), _("撤回第 %(version)s 版的送审。%(reason)s")),
    "review.approved": _words(_("审核通过"), _("第 %(version)s 版%(level)s通过")),
    "review.returned": _words(_("退回"), _("第 %(version)s 版在%(level)s退回，原因：%(reason)s")),
    "review.signed_off": _words(_("签发"), _("签发第 %(version)s 版（%(act)s），台账 %(sequence)s 号，%(effective_at)s 生效")),
    "review.batch_drawn_up": _words(_("导入批次"), _("编成导入批次“%(name)s”，%(documents)s 篇稿件")),
    "review.route_changed": _words(_("修改审核流程"), _("%(content_class)s的审核环节由 %(before)s 改为 %(after)s")),
    "publishing.release_deployed": _words(_("发布"), _("发布第 %(release)s 批，%(pages)s 个页面")),
    "publishing.bake_failed": _words(_("发布失败"), _("台账第 %(sequence)s 号发布失败：%(problem)s")),
    "publishing.rolled_back": _words(_("回退"), _("回退到第 %(restores)s 批（新批次 %(release)s），原因：%(reason)s")),
    "publishing.resumed": _words(_("恢复发布"), _("恢复发布，当前第 %(release)s 批")),
    "publishing.retry_asked": _words(_("要求重试"), _("要求重试台账第 %(sequence)s 号的发布")),
    "publishing.incident_found": _words(_("发布异常"), _("%(kind)s：%(what)s")),
    "publishing.pages_examined": _words(
        _("模板对照检查"), _("模板对照检查 %(pages)s 页；新发现不符合：%(found)s；已经改正：%(mended)s")
    ),
    "publishing.pages_seen": _words(_("登记人工查看"), _("人工查看“%(title)s”，符合：%(holds)s；%(note)s")),
    "publishing.key_rotated": _words(_("更换签名密钥"), _("更换签名密钥，新密钥 %(key_id)s")),
}  # fmt: skip
