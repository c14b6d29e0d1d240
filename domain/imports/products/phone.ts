import type { Product } from './product';

/** What telephones and their assistants (华为, 小米, 苹果, QQ 同步助手) write when they export contacts as a table. */
export const phone: Product = {
  marks:
    '昵称, 分组, 联系人分组, 群组, qq同步助手 分组, 其他手机, 其他手机 2, 其他手机 3, 家庭邮箱, 固话, 家庭电话, 住宅电话, 小灵通, 手机1, 手机2, 手机3, 手机 1, 手机 2, 手机 3, 电话1, 电话2, 单位电话, 姓名拼音, 铃声, 公司/部门, msn, qq, qq号',
  words: {
    contact: {
      mobile: '手机, 手机1, 手机 1, 手机号, 手机号码, 手机号码1, 移动电话, 常用手机',
      otherPhone: '手机2, 手机 2, 手机号码2, 其他手机, ~其他手机 2, ~手机3, ~手机 3, 电话2, 其他电话',
      phone: '电话, 电话1, 固话, 座机, 办公电话, 单位电话, 工作电话, 公司电话',
      homePhone: '家庭电话, 住宅电话, 家庭固话, 宅电',
      email: '邮箱, 电子邮件, 电子邮箱, 邮箱1, 工作邮箱, 常用邮箱',
      otherEmail: '邮箱2, 家庭邮箱, 个人邮箱, 其他邮箱',
      company: '公司, 单位, 工作单位, 公司/部门, 公司名称',
      jobTitle: '职务, 职位, 头衔',
      tags: '分组, 联系人分组, 群组, qq同步助手 分组',
      description: '备注, 附注, 备注信息',
      street: '地址, 住址, ~家庭地址, ~家庭住址, 单位地址, 公司地址',
      salutation: '前缀, 称呼, 称谓',
      lastName: '姓, +后缀',
    },
  },
  ignored: '铃声, 头像, 照片, 姓名拼音',
};
