import type { Product } from './product';

/** List exports carry the labels of properties in the language of whoever exports; the API's names stay English. */
export const hubspot: Product = {
  marks:
    'record id, hubspot team, hubspot score, company domain name, lifecycle stage, associated company ids, associated contact ids, associated company ids (primary), associated company domain, associated contact email, associated company, associated contact, associated deal, associated deal ids, associated note, deal stage, original source, original traffic source, original source drill-down 1, marketing contact status, number of times contacted, contact owner, company owner, closed lost reason, closed won reason, is closed won, ' +
    // zh
    '记录 id, 联系人所有者, 公司所有者, 交易所有者, 生命周期阶段, 潜在客户状态, 交易阶段, 公司域名, 原始来源, 原始流量来源, 联系次数, ' +
    // es
    'id de registro, propietario del contacto, propietario de la empresa, propietario del negocio, etapa del ciclo de vida, estado del lead, etapa del negocio, número de veces contactado, fuente original, ' +
    // de
    'datensatz-id, zuständiger mitarbeiter, für kontakt zuständiger mitarbeiter, für unternehmen zuständiger mitarbeiter, für deal zuständiger mitarbeiter, lifecycle-phase, lead-status, deal-phase, ursprüngliche quelle, ' +
    // fr
    'id de la fiche d’informations, id de fiche d’informations, propriétaire du contact, propriétaire de l’entreprise, propriétaire de la transaction, phase du cycle de vie, statut du lead, phase de la transaction, source d’origine, ' +
    // pt
    'id do registro, proprietário do contato, proprietário da empresa, proprietário do negócio, estágio do ciclo de vida, fase do ciclo de vida, status do lead, etapa do negócio, fonte original, número de atividades de vendas, ' +
    // ja
    'レコードid, コンタクト担当者, 会社担当者, 取引担当者, ライフサイクルステージ, リードステータス, 取引ステージ, オリジナルソース, 元のソース',
  words: {
    contact: {
      otherEmail: 'additional email addresses',
      // Of all companies, and of the one that counts most: their names and ids go together.
      company: '+associated company (primary), +associated company, ~company name',
      companyExternalId: '+associated company ids (primary), +associated company ids',
      jobTitle: 'job title, ~job function',
      seniority: 'seniority, ~employment seniority',
    },
  },
  ignored:
    'number of form submissions, days to close, number of open deals, total open deal value, number of child companies, number of associated line items, time to close, owner assigned date, recent deal amount, recent deal close date, first deal created date, forecast amount, forecast probability, amount in company currency, associated deal, associated deal ids, associated note, record source, record source detail 1, record source detail 2, record source detail 3, propietario asignado, número de veces contactado, última actividad, último contacto, número de atividades de vendas, letzte aktivität, dernière activité, 最終アクティビティー日, 最后活动日期',
};
