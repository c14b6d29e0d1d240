import type { Product } from './product';

/** Contacts as Outlook exports them, in English and Chinese; what it calls a title is how one is addressed. */
export const outlook: Product = {
  marks:
    "business street, business city, business phone, business fax, e-mail display name, e-mail 2 display name, company main phone, tty/tdd phone, directory server, internet free busy, government id number, manager's name, assistant's name, organizational id number, web page, callback, car phone, " +
    '商务电话, 商务传真, 电子邮件显示名称, 电子邮件 2 地址, 单位主要电话, tty/tdd 电话, internet 忙闲, 记帐信息, 经理姓名, 助理的姓名, 目录服务器, 回电话, 车载电话, 英文称谓, 中文称谓',
  form: /^(?:(?:business|home|other) (?:street|city|state|postal code|country)|(?:商务|住宅|其他)地址)/i,
  words: {
    contact: {
      salutation: 'title, 称谓, 中文称谓, ~英文称谓',
      firstName: 'first name, +middle name, 名, +中间名',
      lastName: 'last name, +suffix, 姓',
      company: 'company, 单位, 公司',
      jobTitle: 'job title, 职务',
      department: 'department, 部门',
      phone: 'business phone, ~company main phone, ~primary phone, 商务电话, ~单位主要电话, ~主要电话',
      mobile: 'mobile phone, 移动电话',
      homePhone: 'home phone, 住宅电话',
      otherPhone: 'other phone, business phone 2, home phone 2, 其他电话, 商务电话 2, 住宅电话 2',
      fax: 'business fax, ~home fax, ~other fax, 商务传真, ~住宅传真, ~其他传真',
      email: 'e-mail address, 电子邮件地址',
      otherEmail: 'e-mail 2 address, ~e-mail 3 address, 电子邮件 2 地址, ~电子邮件 3 地址',
      street: 'business street, ~home street, ~other street, 商务地址 街道, ~住宅地址 街道, ~其他地址 街道',
      street2: 'business street 2, ~home street 2, 商务地址 街道 2, ~住宅地址 街道 2',
      city: 'business city, ~home city, ~other city, 商务地址 市/县, ~住宅地址 市/县, ~其他地址 市/县',
      state: 'business state, ~home state, ~other state, 商务地址 省/市/自治区, ~住宅地址 省/市/自治区',
      postalCode: 'business postal code, ~home postal code, 商务地址 邮政编码, ~住宅地址 邮政编码',
      country:
        'business country/region, business country, ~home country/region, ~home country, 商务地址 国家/地区, ~住宅地址 国家/地区',
      assistant: "assistant's name, 助理的姓名",
      assistantPhone: "assistant's phone, 助理的电话",
      reportsTo: "manager's name, 经理姓名",
      birthday: 'birthday, 生日',
      tags: 'categories, 类别',
      description: 'notes, 附注, 便笺',
      preferredLanguage: 'language, 语言',
    },
  },
  ignored:
    'e-mail type, e-mail display name, e-mail 2 type, e-mail 2 display name, e-mail 3 type, e-mail 3 display name, directory server, internet free busy, sensitivity, priority, private, initials, mileage, keywords, billing information, isdn, telex, tty/tdd phone, callback, 电子邮件类型, 电子邮件显示名称, 电子邮件 2 类型, 电子邮件 2 显示名, 电子邮件 2 显示名称, 电子邮件 3 类型, 电子邮件 3 显示名, 电子邮件 3 显示名称, 目录服务器, internet 忙闲, 敏感度, 优先级, 私有, 缩写, 里程, 关键词, 记帐信息, 记账信息, isdn, 电报, tty/tdd 电话, 回电话',
};
