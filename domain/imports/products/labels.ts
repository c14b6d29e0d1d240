import type { Labels } from '../../custom-fields';
import { headerKey } from '../keys';

/** What columns that products write and no field of ours is are called in both languages: header | Chinese label. */
const known = `
Original Source Drill-Down 1|原始来源细分 1
Original Source Drill-Down 2|原始来源细分 2
HubSpot Score|HubSpot 评分
Marketing contact status|营销联系人状态
Legal basis for processing contact's data|处理联系人数据的法律依据
First Conversion|首次转化
First Conversion Date|首次转化日期
Recent Conversion|最近转化
Recent Conversion Date|最近转化日期
Website URL|网站
Number of Employees|员工数
Annual Revenue|年收入
Total Revenue|总收入
Industry|行业
Persona|客户画像
Buying Role|采购角色
Gender|性别
Twitter Username|Twitter 账号
Twitter Handle|Twitter 账号
LinkedIn URL|领英
Employee range|员工规模
Revenue range|营收规模
Total Money Raised|融资总额
Is Public|是否上市
Web Technologies|网站技术
Target Account|目标客户
Ideal Customer Profile Tier|理想客户等级
Annual contract value|年度合同额
Annual recurring revenue|年度经常性收入
Monthly recurring revenue|月度经常性收入
Total contract value|合同总额
Deal Score|商机评分
MRR|月度经常性收入
ARR|年度经常性收入
ACV|年度合同额
Forecast category|预测类别
SIC Code|SIC 行业代码
Sic|SIC 行业代码
SicDesc|SIC 行业说明
NaicsCode|NAICS 行业代码
NaicsDesc|NAICS 行业说明
DunsNumber|邓白氏编码
Tradestyle|商号
Nickname|昵称
Anniversary|纪念日
Spouse|配偶
Children|子女
Hobby|爱好
Profession|职业
Government ID Number|证件号码
Web Page|网页
Skype ID|Skype
Instant messenger|即时通讯
Visible to|可见范围
Close Date|关闭日期
Probability|概率
Email Bounced Reason|退信原因
Email Bounced Date|退信日期
Latitude|纬度
Longitude|经度
Purchase Date|购买日期
Date of Purchase|购买日期
Satisfaction Rating|满意度
Customer Satisfaction Rating|客户满意度
Resolution|解决方案
Status|状态
Type|类型
Source|来源
Subject|主题
Description|描述
Pipeline|流程
Stage|阶段
Last Activity Date|最近活动日期
First Response Time|首次响应时间
Time to Resolution|解决时间
Ticket Type|工单类型
Ticket Subject|工单主题
Ticket Description|工单描述
Ticket Status|工单状态
Ticket Priority|工单优先级
Ticket Channel|工单渠道
Product Purchased|所购产品
Customer Name|客户名称
Customer ID|客户编号
Customer Age|客户年龄
Customer Gender|客户性别
Order ID|订单编号
Row ID|行号
Product ID|产品编号
Product Name|产品名称
Sub-Category|子类别
Sales|销售额
Country|国家
State|省/州
City|城市
Postal Code|邮政编码
Priority|优先级
Category|类别
Channel|渠道
Region|区域
Segment|细分市场
Quantity|数量
Discount|折扣
Profit|利润
Order Date|下单日期
Ship Date|发货日期
Ship Mode|配送方式
上市日期|上市日期|Listed on
板块|板块|Board
实际控制人|实际控制人|Actual controller
注册资本|注册资本|Registered capital
法定代表人|法定代表人|Legal representative
经营范围|经营范围|Business scope
成立日期|成立日期|Founded on
经营状态|经营状态|Business status
昵称|昵称|Nickname
性别|性别|Gender
年龄|年龄|Age
籍贯|籍贯|Place of origin
民族|民族|Ethnic group
爱好|爱好|Hobbies
星级|星级|Stars
跟进状态|跟进状态|Follow-up status
最后跟进时间|最后跟进时间|Last follow-up
合同编号|合同编号|Contract number
身份证号|身份证号|Identity card number`;

const labels = new Map(
  known
    .trim()
    .split('\n')
    .map((line): [string, Labels] => {
      const [header = '', zh = '', en = header] = line.split('|');
      return [headerKey(header), { en, zh }];
    }),
);

/** The labels of a well-known column, by its header's key. */
export function labelsOf(key: string): Labels | undefined {
  const found = labels.get(key);
  return found && { ...found };
}
