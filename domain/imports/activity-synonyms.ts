/**
 * What files of tasks, calls, meetings and notes call their columns: HubSpot's activities, Pipedrive's activities and
 * notes (without their `Activity - ` prefix), Salesforce's Task, Event and Note. As `synonyms.ts` has it.
 */
export const activitySynonyms: Record<string, string> = {
  kind: 'kind, type, activity type, engagement type, task subtype, task type, event type, 类型, 活动类型, 任务类型, 跟进方式, 跟进类型',
  externalId:
    'id, record id, external id, source id, system id, pipedrive system id, activity id, task id, event id, note id, engagement id, 编号, 活动编号, 任务编号, 记录 id',
  subject:
    'subject, title, activity subject, task title, task name, call title, meeting name, meeting title, call/meeting title/subject, event name, 主题, 标题, 任务名称, 任务标题, 活动主题, 会议名称',
  description:
    'description, body, content, notes, note, note body, call notes, meeting notes, meeting description, task notes, notes/description, comments, comment, internal notes, public description, details, 内容, 描述, 备注, 跟进内容, 详情, 正文',
  startsAt:
    'starts at, start, start time, start date, start date time, activity date time, meeting start time, meeting time, call time, call date, activity date, activity time, date, date time, timestamp, 开始时间, 开始日期, 活动日期, 活动时间, 跟进时间, 通话时间, 会议时间, 日期, 时间',
  endsAt: 'ends at, end, end time, end date, end date time, meeting end time, 结束时间, 结束日期',
  duration: 'duration, duration in minutes, minutes, call duration, meeting duration, 时长, 通话时长',
  durationSeconds: 'duration seconds, call duration in seconds, duration in seconds, 通话秒数',
  dueOn: 'due on, due, due date, task due date, deadline, date due, 截止日期, 到期日期, 到期日',
  dueTime: 'due time, 截止时间, 到期时间',
  done: 'done, status, task status, completed, is closed, is completed, activity status, 状态, 任务状态, 是否完成, 完成',
  doneAt:
    'done at, completed at, completed date, completion date, completed date time, marked as done time, date completed, 完成时间, 完成日期',
  priority: 'priority, task priority, 优先级, 重要程度',
  direction: 'direction, call type, call direction, 方向, 呼叫类型, 呼叫方向',
  outcome: 'outcome, +call outcome, +meeting outcome, +call disposition, call result, result, 结果, 通话结果, 会议结果',
  location: 'location, meeting location, place, 地点, 会议地点',
  link: 'link, url, video call link, meeting link, join url, conference url, 链接, 会议链接',
  pinned:
    'pinned, is pinned, +note is pinned to deal, +note is pinned to person, +note is pinned to organization, +note is pinned to lead, +note is pinned to project, 置顶',
  owner:
    'owner, owner name, owner email, activity owner, assigned to, assigned to user, activity assigned to, user, task owner, responsible, 负责人, 所有者, 执行人, 跟进人',
  ownerExternalId: 'owner id, assigned to id',
  company:
    'company, company name, account, account name, organization, organisation, associated company, associated company domain, related to, customer, 公司, 公司名称, 客户, 客户名称, 关联公司',
  companyExternalId:
    'company id, account id, organization id, associated company id, associated company ids, 公司 id, 客户 id',
  contact:
    'contact, contact name, contact person, person, name, associated contact, associated contact email, contact email, associated contacts, 联系人, 联系人姓名, 关联联系人',
  contactExternalId: 'contact id, contact person id, person id, who id, associated contact id, associated contact ids',
  deal: 'deal, deal name, deal title, opportunity, associated deal, associated deals, 商机, 商机名称, 关联商机, 交易',
  dealExternalId: 'deal id, opportunity id, associated deal id, associated deal ids, 商机 id',
  aboutExternalId: 'about id, what id, related to id, parent id, regarding id',
  createdAt:
    'created at, created, create date, created date, creation date, created time, date created, created on, add time, 创建时间, 创建日期',
  createdBy: 'created by, creator, created by name, logged by, author, 创建人, 创建者',
  createdByExternalId: 'created by id, creator id, 创建人 id',
  updatedAt:
    'updated at, update time, last modified date, last modified, modified time, modified on, last updated, 更新时间, 修改时间, 最后修改时间',
  deleted: 'is deleted, deleted',
};
