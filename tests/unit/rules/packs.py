"""Small packs for tests, as texts of their files."""

from jiyue.rules.packfiles import read_pack, read_parameters

PARAMETERS = """\
message.reply:
  ids: [P-40, P-41]
  kind: deadline
  name: 留言答复
  english: Reply to a message
  from: 收到留言
  to: 答复
  units: [working-days]
  classes: by-handler
interpretation.publish:
  ids: [P-31]
  kind: deadline
  name: 政策解读上网
  english: Interpretation online
  from: 政策文件公开
  to: 解读材料公开
  units: [with-event, working-days]
column.update.news:
  ids: [P-20]
  kind: recurrence
  name: 动态要闻类栏目更新
  english: Updates of news columns
  units: [days, weeks, working-day]
site.report:
  ids: [P-54]
  kind: recurrence
  name: 网站工作年度报表
  english: Annual site work report
  units: [date]
site.temporary-offline.count:
  ids: [P-03]
  kind: quota
  name: 临时下线次数
  english: Times a site may go offline for a while
  units: [year]
interpretation.coverage:
  ids: [P-32]
  kind: ratio
  name: 政策解读覆盖率
  english: Interpretation coverage
  units: ['%']
log.retention:
  ids: [P-60]
  kind: retention
  name: 日志留存
  english: Log retention
  units: [months, years]
site.eligibility:
  ids: [P-02]
  kind: eligibility
  name: 开办网站资格
  english: Who may have a site
review.levels:
  ids: [P-35]
  kind: setting
  name: 审核级数
  english: Review levels
"""

NATIONAL = """\
pack: national
name: 国家
level: nation
version: 2026-11-22
texts:
  guideline:
    title: 政府网站发展指引
    number: 国办发〔2017〕47号
    issued: 2017-05-15
    in_force: 2017-05-15
    source: reprint
"""

CITY = """\
pack: lake
name: 示范省澄湖市
level: city
extends: national
version: 2026-11-22
texts:
  platform:
    title: 澄湖市政府网站管理办法
    number: null
    issued: 2022
    in_force: 2022-03
    source: notes
"""


def parameters():
    return read_parameters(PARAMETERS.encode(), file="parameters.yaml")


def city(topic, *, head=CITY, name="lake"):
    """The city's pack with one topic file."""
    return read_pack({"pack.yaml": head.encode(), "topic.yaml": topic.encode()}, name=name, parameters=parameters())


def nation(topic):
    return city(topic, head=NATIONAL, name="national")
