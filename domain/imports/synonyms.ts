import { activitySynonyms } from './activity-synonyms';
import type { StandardImport } from './targets';

/**
 * What people and products call the columns. Per object and target a list of names, separated by commas; spelling
 * is compared without case, spaces and punctuation, so `BillingStreet`, `Billing Street` and `billing_street` are one.
 * A name after `~` is a weaker hint, one after `+` a part that is joined with the others. English and Chinese, with the
 * headers of HubSpot (labels), Salesforce (API names and report labels) and Pipedrive (without their `Entity - ` prefix);
 * other languages are `products/languages.ts`, what only one product means `products/<product>.ts`.
 */
const created =
  'created at, created, create date, created date, creation date, created time, date created, created on, add time, 创建时间, 创建日期, 建立日期, 录入时间';
const createdBy = 'created by, creator, created by name, author, record creator, 创建人, 创建者';
const createdByExternalId = 'created by id, creator id, 创建人 id';
const updatedAt =
  'updated at, update time, last modified date, last modified, modified time, modified on, last updated, 更新时间, 修改时间, 最后修改时间';
const deleted = 'is deleted, deleted';
const id =
  'id, record id, guanxi id, external id, source id, system id, pipedrive system id, 记录 id, 编号, 外部编号, 唯一标识';
const owner =
  'owner, owner name, owner email, record owner, assigned to, sales agent, sales rep, sales representative, sales person, salesperson, account executive, account manager, responsible, 负责人, 所有者, 所有人, 拥有者, 销售, 销售代表, 销售人员, 业务员, 跟进人, 客户经理';
const tags = 'tags, tag, label, labels, 标签';
const source =
  'source, lead source, original source, original traffic source, latest source, source channel, source origin, ~record source, ~origin, 来源, 线索来源, 原始来源, 客户来源, 来源渠道';
const description = 'description, notes, note, comments, comment, remarks, 描述, 备注, 说明, 注释';
const city =
  'city, town, billing city, mailing city, city/town/village/locality of address, city/town/village/locality of postal address, 城市, 市, 所在城市, ~所在地, ~location, ~office location, ~headquarters';
const state =
  'state, province, state/region, state/province, billing state, mailing state, billing state/province, mailing state/province, state/county of address, state/county of postal address, ~region of address, 省, 省份, 州, 州/地区, 省/市';
const postalCode =
  'postal code, postcode, zip, zip code, zip/postal code, billing postal code, mailing postal code, billing zip/postal code, mailing zip/postal code, zip/postal code of address, zip/postal code of postal address, 邮编, 邮政编码';
const country =
  'country, country/region, nation, billing country, mailing country, country of address, country of postal address, 国家, 国家/地区, 国别, ~country/region code, ~office location, ~location, ~headquarters, ~所在地';
const street =
  '+street/road name of address, +house number of address, +street/road name of postal address, +house number of postal address, street, street address, address, address line 1, billing street, mailing street, billing address, mailing address, postal address, full/combined address of address, full/combined address of postal address, 地址, 详细地址, 街道, 街道地址, 联系地址, 通讯地址, 公司地址';
const street2 =
  'street 2, street address 2, address line 2, address 2, apartment/suite no of address, 地址2, 街道地址2';
const district = 'district, district/sublocality of address, 区, 区县';
const timeZone = 'time zone, timezone, 时区';
const lifecycleStage = 'lifecycle stage, 生命周期阶段, 客户生命周期, 客户阶段';
const leadStatus = 'lead status, 潜在客户状态, 线索状态';
const phone =
  'phone, phone number, phone no, telephone, tel, work phone, business phone, office phone, company phone, main phone, phone work, 电话, 电话号码, 联系电话, 办公电话, 工作电话, 座机, 公司电话';
const fax = 'fax, fax number, 传真, 传真号码';

/** Of what records of every object a tenant made have. */
export const ownRecordSynonyms: Record<string, string> = {
  name: 'name, title, record name, 名称, 标题, 名字',
  externalId: id,
  owner,
  ownerExternalId: 'owner id, 负责人 id',
  createdAt: created,
  createdBy,
  createdByExternalId,
  updatedAt,
  deleted,
};

export const synonyms: Record<StandardImport, Record<string, string>> = {
  company: {
    name: 'name, company name, company, account name, account, organization name, organization, organisation, organisation name, customer, customer name, client, client name, business name, 名称, 公司, 公司名称, 公司名, 企业名称, 单位名称, 客户, 客户名称, ~公司简称, ~企业简称, ~简称, ~公司全称',
    externalId: `${id}, company id, account id, organization id, organisation id, customer id, 公司编号, 客户编号, 公司 id, 客户 id`,
    domain: 'domain, company domain name, company domain, domain name, email domain, 域名, 公司域名',
    website: 'website, website url, web site, url, web, web address, homepage, 网址, 网站, 官网, 公司网址',
    email: 'email, e-mail, email address, company email, 邮箱, 电子邮件, 电子邮箱, 公司邮箱',
    phone,
    fax,
    industry: 'industry, sector, industry sector, vertical, 行业, 所属行业, 行业类别',
    industryGroup: 'industry group, 行业组, 行业大类',
    type: 'type, company type, account type, customer type, 类型, 公司类型, 客户类型',
    employees:
      'employees, number of employees, no of employees, employee count, headcount, company size, ~employee range, 员工数, 员工人数, 员工数量, 人数, 公司规模',
    annualRevenue: 'annual revenue, revenue, turnover, yearly revenue, 年收入, 年营业额, 营业额, 营业收入, 年营收',
    currency:
      'currency, annual revenue currency code, annual revenue currency, currency iso code, currency code, currency of annual revenue, 币种, 货币',
    shortName: 'short name, abbreviation, 简称, 公司简称, 企业简称, 客户简称',
    englishName: 'english name, name in english, 英文名, 英文名称, 英文全称, 公司英文名称',
    legalName:
      'legal name, registered name, official name, legal entity, 公司全称, 全称, 企业全称, 法定名称, 注册名称, 工商名称',
    taxId:
      'tax id, tax number, vat, vat number, vat id, tin, ein, registration number, social credit code, 统一社会信用代码, 社会信用代码, 税号, 纳税人识别号',
    ownership: 'ownership, ownership type, 企业性质, 公司性质, 所有制',
    ticker: 'ticker, ticker symbol, stock symbol, stock code, 股票代码, 证券代码',
    rating: 'rating, 评级, 客户评级, 热度',
    lifecycleStage,
    leadStatus,
    yearFounded:
      'year founded, founded, founded year, year established, established, year started, 成立年份, 创立年份, 成立年',
    accountNumber: 'account number, customer number, account no, 客户号, 账号, 客户代码',
    site: 'site, account site, branch, 分支, 分公司',
    source: `${source}, account source`,
    linkedin: 'linkedin, linkedin company page, linkedin profile, linkedin url, 领英, 领英主页',
    timeZone,
    parent:
      'parent, parent company, parent account, parent organization, related company, subsidiary of, holding company, 母公司, 上级公司, 上级客户, 总公司, 所属集团',
    parentExternalId: 'parent id, parent company id, parent account id, parent record id',
    owner: `${owner}, company owner, account owner, 公司所有者, 公司负责人, 客户负责人, 客户所有人`,
    ownerExternalId: 'owner id',
    street,
    street2,
    district,
    city,
    state,
    postalCode,
    country,
    shippingStreet: 'shipping street, shipping address, delivery address, 收货地址, 送货地址',
    shippingCity: 'shipping city, 收货城市',
    shippingState: 'shipping state, shipping state/province, 收货省份',
    shippingPostalCode: 'shipping postal code, shipping zip/postal code, 收货邮编',
    shippingCountry: 'shipping country, 收货国家',
    tags: `${tags}, company tags`,
    description: `${description}, about us, about, 简介, 公司简介`,
    createdAt: `${created}, organization created`,
    createdBy,
    createdByExternalId,
    updatedAt,
    deleted,
  },
  contact: {
    name: 'name, full name, contact name, contact, person, person name, display name, 姓名, 名称, 全名, 联系人, 联系人姓名, 客户姓名',
    externalId: `${id}, contact id, person id, uid, 联系人编号, 联系人 id`,
    firstName: 'first name, given name, forename, +middle name, 名, 名字',
    lastName: 'last name, surname, family name, +suffix, +name suffix, 姓, 姓氏',
    salutation: 'salutation, prefix, 称呼, 称谓, 尊称',
    email:
      'email, e-mail, email address, mail, work email, email work, primary email, business email, 邮箱, 电子邮件, 电子邮箱, 邮件, 邮件地址, 邮箱地址, 工作邮箱',
    otherEmail:
      'other email, email other, secondary email, additional email addresses, personal email, home email, email home, email 2, email address 2, 其他邮箱, 备用邮箱, 个人邮箱, 邮箱2, 家庭邮箱',
    phone,
    mobile:
      'mobile, mobile phone, mobile phone number, mobile number, cell, cell phone, cellphone, phone mobile, 手机, 手机号, 手机号码, 移动电话',
    homePhone: 'home phone, phone home, 家庭电话, 住宅电话',
    otherPhone:
      'other phone, phone other, phone 2, phone number 2, mobile 2, mobile phone 2, alternate phone, 其他电话, 电话2, 手机2, 手机号2, 其他手机, 备用电话',
    fax,
    wechat: 'wechat, wechat id, weixin, 微信, 微信号',
    whatsapp: 'whatsapp, whatsapp phone number, whatsapp number',
    linkedin: 'linkedin, linkedin url, linkedin profile, linkedin bio, 领英',
    birthday: 'birthday, birthdate, birth date, date of birth, dob, 生日, 出生日期',
    jobTitle: 'job title, title, position, job, ~role, ~employment role, 职位, 职务, 职称, 岗位, 头衔',
    department: 'department, dept, 部门, 所属部门',
    seniority: 'seniority, employment seniority, level, 级别, 职级',
    assistant: 'assistant, assistant name, 助理, 助理姓名',
    assistantPhone: 'assistant phone, asst phone, 助理电话',
    reportsTo: 'reports to, supervisor, ~manager, 汇报对象, 直属上级, 上级',
    reportsToExternalId: 'reports to id',
    company:
      'company, company name, account name, account, organization, organisation, organization name, employer, related company, associated company, primary company, associated company (primary), associated company domain, ~customer, 公司, 公司名称, 所属公司, 企业, 单位, 工作单位, 客户, 客户名称, 关联公司',
    companyExternalId:
      'company id, account id, organization id, associated company ids (primary), ~associated company ids, 公司 id',
    owner: `${owner}, contact owner, person owner, 联系人所有者, 联系人负责人, 联系人所有人`,
    ownerExternalId: 'owner id',
    lifecycleStage,
    leadStatus,
    source,
    preferredLanguage: 'preferred language, language, 首选语言, 语言',
    timeZone,
    street,
    street2,
    district,
    city,
    state,
    postalCode,
    country,
    doNotCall:
      'do not call, do not phone, phone opt out, call opt out, has opted out of calls, 请勿致电, 勿打电话, 拒接电话, 不接受来电',
    doNotMail:
      'do not mail, do not email, do not bulk email, email opt out, email opted out, has opted out of email, opt out, opted out, unsubscribe, unsubscribed, unsubscribed from all email, opted out of email, mailing opt out, newsletter opt out, 退订, 已退订, 是否退订, 邮件退订, 拒收邮件, 请勿发送邮件, 拒绝营销邮件, 退订所有邮件',
    doNotContact:
      'do not contact, do not disturb, no contact, contact opt out, opted out of all communication, 请勿联系, 勿联系, 禁止联系, 不要联系, 请勿打扰, 免打扰, 勿扰',
    mayCall:
      'may call, can call, call opt in, phone opt in, allow calls, allow phone calls, calls allowed, phone permission, 允许致电, 允许电话联系, 可致电, 接受来电',
    mayMail:
      'may mail, can email, email opt in, email opted in, has opted in to email, mail opt in, opt in, opted in, marketing opt in, newsletter opt in, newsletter subscription, newsletter subscriber, subscribed to newsletter, subscribed, is subscribed, email subscribed, accepts marketing, accepts email marketing, marketing consent, email consent, email marketing consent, gdpr consent, allow email, allow emails, emails allowed, email permission, 是否订阅, 已订阅, 订阅邮件, 邮件订阅, 接受邮件, 接受营销邮件, 接收营销邮件, 允许发送邮件, 允许发邮件, 同意接收邮件, 营销同意',
    tags: `${tags}, contact tags`,
    description: `${description}, ~message`,
    placeRole: 'place role',
    placeFrom: 'place from',
    placeTo: 'place to',
    createdAt: `${created}, person created`,
    createdBy,
    createdByExternalId,
    updatedAt,
    deleted,
  },
  deal: {
    name: 'name, deal name, deal, deal title, title, opportunity name, opportunity, project, project name, ~subject, 名称, 标题, 商机, 商机名称, 商机标题, 交易名称, 项目名称, 业务机会名称, 机会名称',
    externalId: `${id}, deal id, opportunity id, 商机编号, 商机 id, 交易 id, 项目编号`,
    company:
      'company, company name, account name, account, organization, organisation, organization name, customer, customer name, client, associated company (primary), primary company, associated company, associated company domain, company domain, 公司, 公司名称, 客户, 客户名称, 所属公司, 关联公司, 企业名称',
    companyExternalId:
      'company id, account id, organization id, associated company ids (primary), ~associated company ids, 公司 id, 客户 id',
    contact:
      'contact, contact name, contact person, primary contact, associated contact, associated contact email, contact email, participants, 联系人, 联系人姓名, 关联联系人, 联系人邮箱',
    contactExternalId: 'contact id, contact person id, associated contact ids, primary contact id',
    pipeline: 'pipeline, sales pipeline, pipeline name, sales process, 销售管道, 管道, 销售流程, 销售漏斗',
    stage:
      'stage, deal stage, stage name, sales stage, opportunity stage, 阶段, 销售阶段, 商机阶段, 交易阶段, 项目阶段',
    status: 'status, deal status, state, 状态, 商机状态',
    amount:
      'amount, value, deal value, deal amount, deal size, close value, opportunity amount, total, total amount, price, ~total contract value, ~revenue, 金额, 商机金额, 交易金额, 预计金额, 预计销售金额, 合同金额, 成交金额, 总金额',
    currency: 'currency, currency of value, currency iso code, currency code, 币种, 货币',
    owner: `${owner}, deal owner, opportunity owner, 商机负责人, 交易所有者, 业务机会所有人`,
    ownerExternalId: 'owner id',
    closeDate: 'close date, closing date, 关闭日期, 结束日期, 结单日期',
    expectedClose:
      'expected close date, expected close, expected closing, estimated close date, forecast close date, 预计成交日期, 预计成交时间, 预计结单日期, 预计关闭日期, 预计签单日期',
    closedOn:
      'closed on, closed at, date closed, closed date, actual close date, deal closed on, ~won time, ~lost time, 成交日期, 实际成交日期, 赢单日期, 关闭时间, 成交时间',
    startedOn: 'engage date, engaged on, start date, started on, date engaged, 开始日期, 启动日期, 立项日期, 接洽日期',
    product: 'product, product name, item, line item, 产品, 产品名称, 商品',
    productExternalId: 'product id, product2 id',
    type: 'type, deal type, opportunity type, 类型, 商机类型, 交易类型',
    priority: 'priority, deal priority, 优先级',
    source: `${source}, 商机来源`,
    nextStep: 'next step, next steps, 下一步, 下一步计划, 后续步骤',
    lossReason: 'loss reason, lost reason, closed lost reason, reason lost, 输单原因, 丢单原因, 失败原因, 流失原因',
    wonReason: 'won reason, win reason, closed won reason, 赢单原因, 成交原因',
    competitor: 'competitor, competitors, main competitor, 竞争对手, 竞品',
    tags: `${tags}, deal tags`,
    description: `${description}, deal description, 商机描述`,
    stageEntered: 'stage entered',
    placeRole: 'place role',
    placePrimary: 'place primary',
    createdAt: `${created}, deal created`,
    createdBy,
    createdByExternalId,
    updatedAt,
    deleted,
  },
  product: {
    name: 'name, product, product name, item, item name, 名称, 产品, 产品名称, 商品, 商品名称, 品名',
    externalId: `${id}, product id, 产品 id`,
    code: 'code, product code, sku, stock keeping unit, item code, item number, part number, 产品编号, 产品编码, 产品代码, 编码, 货号, 商品编码',
    series:
      'series, family, product family, category, product category, product line, product type, 系列, 产品系列, 产品线, 类别, 分类, 产品分类, 产品类别',
    price:
      'price, sales price, unit price, list price, selling price, standard price, retail price, 价格, 单价, 售价, 标准价格, 标准价, 销售价格, 零售价',
    currency: 'currency, currency code, currency iso code, 币种, 货币',
    cost: 'cost, unit cost, cost of goods sold, 成本, 成本价, 单位成本',
    unit: 'unit, unit of measure, uom, quantity unit of measure, 单位, 计量单位, 销售单位',
    taxPercent: 'tax, tax rate, tax percent, vat, vat rate, 税率, 增值税率',
    active: 'active, is active, enabled, status, 启用, 是否启用, 有效, 是否在售, 状态',
    description: `${description}, product description, 产品描述, 产品说明`,
    createdAt: created,
    createdBy,
    createdByExternalId,
    updatedAt,
    deleted,
  },
  member: {
    name: 'name, full name, sales agent, sales rep, sales representative, salesperson, agent, user, user name, member, employee, employee name, display name, 姓名, 名称, 成员, 成员姓名, 员工, 员工姓名, 用户, 用户名, 销售, 销售人员, 业务员',
    externalId: `${id}, user id, employee id, member id, 员工编号, 工号, 用户 id`,
    email: 'email, e-mail, email address, work email, user email, login, 邮箱, 电子邮件, 电子邮箱, 工作邮箱, 企业邮箱',
    team: 'manager, team, team manager, team leader, team lead, sales manager, reports to, supervisor, manager name, 经理, 主管, 团队, 团队经理, 团队负责人, 直属上级, 上级, 销售经理, ~部门',
    office:
      'office, regional office, region, branch, office location, location, territory, 办公室, 办事处, 区域, 大区, 地区, 分公司, 所在地',
    role: 'role, user role, profile, permission, 角色, 权限',
  },
  task: activitySynonyms,
  activity: activitySynonyms,
  note: activitySynonyms,
};

/** Columns that say nothing an import needs: the source's own figures, counted again here from the records. */
export const ignoredHeaders =
  'last modified by id, system modstamp, last activity date, last viewed date, last referenced date, last contacted, next activity date, number of associated deals, number of associated contacts, number of times contacted, number of sales activities, weighted value, weighted amount, currency of weighted value, probability, deal probability, expected revenue, forecast category, forecast category name, fiscal, fiscal year, fiscal quarter, is closed, is won, is closed won, is closed lost, photo url, master record id, record type id, total activities, done activities, activities to do, 拼音缩写, persona, hubspot team, merged contact ids, merged company ids, merged deal ids';

/** Records no standard object is a place for, by headers only their files have: so many of them make it certain. */
export const unsupportedMarks = {
  link: { least: 1, marks: 'guanxi link id' },
  ticket: {
    least: 2,
    marks:
      'ticket id, ticket name, ticket status, ticket description, case number, ticket owner, is escalated, supplied name, supplied email, asset id',
  },
  lead: { least: 2, marks: 'lead title, lead contact person' },
  lineItem: {
    least: 2,
    marks:
      'pricebook entry id, opportunity line item id, line item id, sort order, service date, total price, net price, unit discount',
  },
  price: { least: 2, marks: 'pricebook2 id, use standard price' },
  campaign: {
    least: 2,
    marks:
      'budgeted cost, actual cost, expected response, number sent, number of responses, campaign name, campaign type',
  },
  campaignMember: { least: 2, marks: 'campaign id, has responded, first responded date' },
  attachment: { least: 2, marks: 'body length, content type, content size, path on client, version data' },
  quote: { least: 2, marks: 'quote number, quote to name, grand total, expiration date, 报价单号, 报价单编号' },
  order: {
    least: 2,
    marks:
      'order number, order id, order date, ship date, ship mode, order status, 订单编号, 订单号, 下单时间, 发货时间',
  },
  contract: {
    least: 2,
    marks:
      'contract number, contract term, contract start date, customer signed date, company signed date, 合同编号, 合同名称, 签订日期',
  },
} as const;
