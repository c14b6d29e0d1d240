import { describe, expect, it } from 'vitest';
import { matchColumns } from '@/domain/imports/columns';
import { cleanHeaders } from '@/domain/imports/dialect';
import { languages } from '@/domain/imports/products/languages';
import { products, type SourceProduct, sourceProducts } from '@/domain/imports/products/products';
import { guessFile, guessProduct } from '@/domain/imports/recognise';
import { type ImportObject, importObjects, type StandardImport, targetOf } from '@/domain/imports/targets';

interface File {
  product: SourceProduct;
  object: StandardImport;
  headers: string;
  rows?: string[];
  /** Header to target, of some or all. */
  mapped: Record<string, string | null>;
}

/** Headers as the products write them (docs of the products and public importers). */
const files: Record<string, File> = {
  'HubSpot contacts in Spanish': {
    product: 'hubspot',
    object: 'contact',
    headers:
      'ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Propietario del contacto,Etapa del ciclo de vida,Estado del lead,Ciudad,País/región,Cargo,Fecha de creación,Última actividad,Associated Company IDs (Primary)',
    mapped: {
      'ID de registro': 'externalId',
      Nombre: 'firstName',
      Apellidos: 'lastName',
      Correo: 'email',
      'Número de teléfono': 'phone',
      'Propietario del contacto': 'owner',
      'Etapa del ciclo de vida': 'lifecycleStage',
      'Estado del lead': 'leadStatus',
      Ciudad: 'city',
      'País/región': 'country',
      Cargo: 'jobTitle',
      'Fecha de creación': 'createdAt',
      'Última actividad': null,
      'Associated Company IDs (Primary)': 'companyExternalId',
    },
  },
  'HubSpot companies in German': {
    product: 'hubspot',
    object: 'company',
    headers:
      'Datensatz-ID,Unternehmensname,Domain-Name des Unternehmens,Telefonnummer,Für Unternehmen zuständiger Mitarbeiter,Stadt,Land/Region,Branche,Anzahl der Mitarbeiter,Jahresumsatz,Erstellungsdatum,Lifecycle-Phase',
    mapped: {
      'Datensatz-ID': 'externalId',
      Unternehmensname: 'name',
      'Domain-Name des Unternehmens': 'domain',
      Telefonnummer: 'phone',
      'Für Unternehmen zuständiger Mitarbeiter': 'owner',
      Stadt: 'city',
      'Land/Region': 'country',
      Branche: 'industry',
      'Anzahl der Mitarbeiter': 'employees',
      Jahresumsatz: 'annualRevenue',
      Erstellungsdatum: 'createdAt',
      'Lifecycle-Phase': 'lifecycleStage',
    },
  },
  'HubSpot deals in French': {
    product: 'hubspot',
    object: 'deal',
    headers:
      'ID de la fiche d’informations,Nom de la transaction,Phase de la transaction,Pipeline,Montant,Date de fermeture,Propriétaire de la transaction,Date de création,Type de transaction,Priorité',
    mapped: {
      'ID de la fiche d’informations': 'externalId',
      'Nom de la transaction': 'name',
      'Phase de la transaction': 'stage',
      Pipeline: 'pipeline',
      Montant: 'amount',
      'Date de fermeture': 'closeDate',
      'Propriétaire de la transaction': 'owner',
      'Date de création': 'createdAt',
      'Type de transaction': 'type',
      Priorité: 'priority',
    },
  },
  'HubSpot deals in Portuguese': {
    product: 'hubspot',
    object: 'deal',
    headers:
      'ID do registro,Nome do negócio,Etapa do negócio,Pipeline,Valor,Data de fechamento,Proprietário do negócio,Data de criação,Motivo da perda',
    mapped: {
      'ID do registro': 'externalId',
      'Nome do negócio': 'name',
      'Etapa do negócio': 'stage',
      Valor: 'amount',
      'Data de fechamento': 'closeDate',
      'Proprietário do negócio': 'owner',
      'Motivo da perda': 'lossReason',
    },
  },
  'HubSpot contacts in Japanese': {
    product: 'hubspot',
    object: 'contact',
    headers:
      'レコードID,姓,名,Eメール,電話番号,携帯電話番号,役職,会社名,コンタクト担当者,ライフサイクルステージ,作成日',
    mapped: {
      レコードID: 'externalId',
      姓: 'lastName',
      名: 'firstName',
      Eメール: 'email',
      電話番号: 'phone',
      携帯電話番号: 'mobile',
      役職: 'jobTitle',
      会社名: 'company',
      コンタクト担当者: 'owner',
      ライフサイクルステージ: 'lifecycleStage',
      作成日: 'createdAt',
    },
  },
  'HubSpot contacts in Chinese': {
    product: 'hubspot',
    object: 'contact',
    headers: '记录 ID,名字,姓氏,电子邮件,电话号码,联系人所有者,生命周期阶段,潜在客户状态,创建日期',
    mapped: { '记录 ID': 'externalId', 名字: 'firstName', 联系人所有者: 'owner', 潜在客户状态: 'leadStatus' },
  },
  'Salesforce contacts (API names)': {
    product: 'salesforce',
    object: 'contact',
    headers:
      'Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,Salutation,MiddleName,Suffix,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,MobilePhone,HomePhone,OtherPhone,AssistantPhone,ReportsToId,Email,Title,Department,AssistantName,LeadSource,Birthdate,Description,OwnerId,HasOptedOutOfEmail,DoNotCall,CreatedDate,SystemModstamp,Level__c',
    rows: [
      '003Dn00000A1b2cIAB,false,,001Dn00000X9y8zIAA,Lee,Ann,,Q,Jr,,,,,,,,,,,,ann@x.com,,,,,,,005Dn000001AbCdIAK,true,false,,,',
    ],
    mapped: {
      Id: 'externalId',
      IsDeleted: 'deleted',
      AccountId: 'companyExternalId',
      LastName: 'lastName',
      FirstName: 'firstName',
      MiddleName: 'firstName',
      Suffix: 'lastName',
      ReportsToId: 'reportsToExternalId',
      OwnerId: 'ownerExternalId',
      HasOptedOutOfEmail: 'doNotMail',
      DoNotCall: 'doNotCall',
      SystemModstamp: null,
      Level__c: 'seniority',
    },
  },
  'Salesforce leads': {
    product: 'salesforce',
    object: 'contact',
    headers:
      'Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Title,Company,Street,City,State,PostalCode,Country,Phone,MobilePhone,Email,LeadSource,Status,Industry,Rating,OwnerId,IsConverted,ConvertedDate,ConvertedAccountId,CreatedDate,SystemModstamp',
    mapped: {
      Id: 'externalId',
      Company: 'company',
      Title: 'jobTitle',
      Status: 'leadStatus',
      LeadSource: 'source',
      IsConverted: null,
      Street: 'street',
    },
  },
  'Zoho leads': {
    product: 'zoho',
    object: 'contact',
    headers:
      'Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Title,Email,Phone,Mobile,Lead Source,Lead Status,Created Time,Modified Time,Email Opt Out,Tag',
    mapped: {
      'Lead Owner': 'owner',
      'Lead Owner.id': 'ownerExternalId',
      Company: 'company',
      'Lead Status': 'leadStatus',
    },
  },
  'Salesforce opportunities (report)': {
    product: 'salesforce',
    object: 'deal',
    headers:
      'Opportunity Name,Account Name,Stage,Close Date,Amount,Probability (%),Next Step,Opportunity Owner,Type,Lead Source,Created Date',
    mapped: {
      'Opportunity Name': 'name',
      'Account Name': 'company',
      Stage: 'stage',
      'Close Date': 'closeDate',
      'Probability (%)': null,
      'Opportunity Owner': 'owner',
    },
  },
  'Pipedrive people, a custom field of a default name twice': {
    product: 'pipedrive',
    object: 'contact',
    headers:
      'Person - Name,Person - Label,Person - Label,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Phone - Mobile,Person - Organization,Person - Organization ID,Person - Owner,Person - Marketing status,Person - ID,Person - Open deals,Person - City/town/village/locality of Postal address',
    mapped: {
      'Person - Name': 'name',
      'Person - Label': 'tags',
      'Person - Email - Work': 'email',
      'Person - Email - Home': 'otherEmail',
      'Person - Phone - Work': 'phone',
      'Person - Phone - Mobile': 'mobile',
      'Person - Organization': 'company',
      'Person - Organization ID': 'companyExternalId',
      'Person - Marketing status': 'doNotMail',
      'Person - ID': 'externalId',
      'Person - Open deals': null,
      'Person - City/town/village/locality of Postal address': 'city',
    },
  },
  'Pipedrive deals': {
    product: 'pipedrive',
    object: 'deal',
    headers:
      'Deal - ID,Deal - Title,Deal - Creator,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Weighted value,Deal - Probability,Deal - Organization,Deal - Organization ID,Deal - Pipeline,Deal - Contact person,Deal - Contact person ID,Deal - Stage,Deal - Label,Deal - Status,Deal - Deal created,Deal - Update time,Deal - Won time,Deal - Lost time,Deal - Deal closed on,Deal - Lost reason,Deal - Visible to,Deal - Expected close date,Deal - Product name,Deal - Source channel',
    mapped: {
      'Deal - ID': 'externalId',
      'Deal - Creator': 'createdBy',
      'Deal - Value': 'amount',
      'Deal - Weighted value': null,
      'Deal - Organization ID': 'companyExternalId',
      'Deal - Contact person': 'contact',
      'Deal - Contact person ID': 'contactExternalId',
      'Deal - Label': 'tags',
      'Deal - Status': 'status',
      'Deal - Deal created': 'createdAt',
      'Deal - Update time': 'updatedAt',
      'Deal - Deal closed on': 'closedOn',
      'Deal - Lost reason': 'lossReason',
      'Deal - Visible to': null,
      'Deal - Expected close date': 'expectedClose',
      'Deal - Product name': 'product',
      'Deal - Source channel': 'source',
    },
  },
  'Pipedrive organizations of its sample sheet': {
    product: 'pipedrive',
    object: 'company',
    headers:
      'Organization - Name*,Organization - Address,Organization - Address - City/town/village/locality of Address,Organization - Owner,Organization - Creation date,Organization - Pipedrive System ID,Organization - Labels,Organization - Country of Head office,Organization - ZIP/Postal code of Head office',
    mapped: {
      'Organization - Name*': 'name',
      'Organization - Address': 'street',
      'Organization - Owner': 'owner',
      'Organization - Creation date': 'createdAt',
      'Organization - Pipedrive System ID': 'externalId',
      'Organization - Labels': 'tags',
      'Organization - Address - City/town/village/locality of Address': 'city',
      'Organization - Country of Head office': 'country',
      'Organization - ZIP/Postal code of Head office': 'postalCode',
    },
  },
  'Zoho contacts': {
    product: 'zoho',
    object: 'contact',
    headers:
      'Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account Name.id,Account Name,Email,Title,Department,Phone,Mobile,Asst Phone,Email Opt Out,Created By.id,Created By,Created Time,Modified Time,Mailing Street,Mailing City,Mailing Zip,Secondary Email,Reporting To.id,Reporting To,Tag,Unsubscribed Mode',
    rows: ['zcrm_4876876000000462001,zcrm_4876876000000150003,Amy,,Li,Wei,zcrm_487687,Acme,li@acme.com'],
    mapped: {
      'Record Id': 'externalId',
      'Contact Owner.id': 'ownerExternalId',
      'Contact Owner': 'owner',
      'Account Name.id': 'companyExternalId',
      'Account Name': 'company',
      'Asst Phone': 'assistantPhone',
      'Email Opt Out': 'doNotMail',
      'Created By.id': 'createdByExternalId',
      'Created Time': 'createdAt',
      'Modified Time': 'updatedAt',
      'Mailing Zip': 'postalCode',
      'Secondary Email': 'otherEmail',
      'Reporting To.id': 'reportsToExternalId',
      'Unsubscribed Mode': null,
    },
  },
  'Zoho deals': {
    product: 'zoho',
    object: 'deal',
    headers:
      'Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage,Type,Next Step,Reason For Loss,Contact Name.id,Contact Name,Created Time',
    mapped: {
      'Deal Name': 'name',
      'Closing Date': 'closeDate',
      'Account Name.id': 'companyExternalId',
      'Reason For Loss': 'lossReason',
      'Contact Name.id': 'contactExternalId',
      'Contact Name': 'contact',
    },
  },
  'Dynamics accounts': {
    product: 'dynamics',
    object: 'company',
    headers:
      '(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Main Phone,Address 1: City,Address 1: State/Province,Address 1: ZIP/Postal Code,Primary Contact,Email (Primary Contact),Website,No. of Employees,Status',
    mapped: {
      '(Do Not Modify) Account': 'externalId',
      '(Do Not Modify) Row Checksum': null,
      '(Do Not Modify) Modified On': 'updatedAt',
      'Account Name': 'name',
      'Main Phone': 'phone',
      'Address 1: City': 'city',
      'Address 1: ZIP/Postal Code': 'postalCode',
      'Email (Primary Contact)': null,
      'No. of Employees': 'employees',
    },
  },
  'Dynamics contacts': {
    product: 'dynamics',
    object: 'contact',
    headers:
      '(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Email,Company Name,Business Phone,Mobile Phone,Do not allow Emails,Do not allow Bulk Emails,Do not allow Phone Calls',
    mapped: {
      '(Do Not Modify) Contact': 'externalId',
      'Full Name': 'name',
      'Company Name': 'company',
      'Business Phone': 'phone',
      'Do not allow Emails': 'doNotMail',
      'Do not allow Bulk Emails': 'doNotMail',
      'Do not allow Phone Calls': 'doNotCall',
    },
  },
  'Dynamics opportunities': {
    product: 'dynamics',
    object: 'deal',
    headers:
      '(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Potential Customer,Est. Close Date,Est. Revenue,Currency,Status,Owner,Created On',
    mapped: {
      '(Do Not Modify) Opportunity': 'externalId',
      Topic: 'name',
      'Potential Customer': 'company',
      'Est. Close Date': 'expectedClose',
      'Est. Revenue': 'amount',
      Status: 'status',
      'Created On': 'createdAt',
    },
  },
  'SuiteCRM accounts (labels)': {
    product: 'suitecrm',
    object: 'company',
    headers:
      'Name,ID,Website,Email Address,Office Phone,Alternate Phone,Fax,Billing Address Street,Billing Address City,Billing Address State,Billing Address Postal Code,Annual Revenue,Employees,Industry,Type,Assigned To,Date Created,Date Modified,Modified By,Deleted',
    mapped: {
      Name: 'name',
      ID: 'externalId',
      'Office Phone': 'phone',
      'Billing Address Street': 'street',
      'Billing Address Postal Code': 'postalCode',
      'Assigned To': 'owner',
      'Date Created': 'createdAt',
      'Date Modified': 'updatedAt',
      'Modified By': null,
      Deleted: 'deleted',
    },
  },
  'SuiteCRM contacts (columns)': {
    product: 'suitecrm',
    object: 'contact',
    headers:
      'id,date_entered,date_modified,modified_user_id,assigned_user_id,salutation,first_name,last_name,title,department,do_not_call,phone_home,phone_mobile,phone_work,primary_address_street,primary_address_city,primary_address_postalcode,email1,account_name,deleted',
    mapped: {
      id: 'externalId',
      date_entered: 'createdAt',
      modified_user_id: null,
      assigned_user_id: 'ownerExternalId',
      do_not_call: 'doNotCall',
      phone_mobile: 'mobile',
      phone_work: 'phone',
      primary_address_postalcode: 'postalCode',
      email1: 'email',
      account_name: 'company',
    },
  },
  'Google contacts of today': {
    product: 'google',
    object: 'contact',
    headers:
      'First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Address 1 - Country',
    rows: [
      'Grace,B,Hopper,,,,,,US Navy,Admiral,,,,,,Work,g@navy.mil,Home,g@home.org,Mobile,+1 555 0199,Work,+1 555 0100,,,,,',
      'Ada,,Lovelace,,,,,,,,,,,,,,a@l.org,,,Mobile,+1 555 0101,Home,+1 555 0102,,,,,',
      'Alan,,Turing,,,,,,,,,,,,,,,,,Mobile,+1 555 0103,Work,+1 555 0104,,,,,',
    ],
    mapped: {
      'First Name': 'firstName',
      'Middle Name': 'firstName',
      'Phonetic First Name': null,
      'Name Prefix': 'salutation',
      'Name Suffix': 'lastName',
      'File As': null,
      'Organization Name': 'company',
      'Organization Title': 'jobTitle',
      Labels: 'tags',
      'E-mail 1 - Value': 'email',
      'E-mail 2 - Value': 'otherEmail',
      'Phone 1 - Value': 'mobile',
      'Phone 2 - Value': 'phone',
      'Address 1 - Street': 'street',
      'Address 1 - Country': 'country',
    },
  },
  'Outlook contacts': {
    product: 'outlook',
    object: 'contact',
    headers:
      "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Assistant's Phone,Business Fax,Business Phone,Home Phone,Mobile Phone,Other Phone,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Manager's Name,Notes,Priority,Sensitivity,Web Page",
    mapped: {
      Title: 'salutation',
      'First Name': 'firstName',
      'Middle Name': 'firstName',
      Suffix: 'lastName',
      'Job Title': 'jobTitle',
      'Business Street': 'street',
      'Business City': 'city',
      'Business Phone': 'phone',
      'Mobile Phone': 'mobile',
      'Business Fax': 'fax',
      Categories: 'tags',
      'E-mail Address': 'email',
      'E-mail Type': null,
      'E-mail Display Name': null,
      'E-mail 2 Address': 'otherEmail',
      "Manager's Name": 'reportsTo',
      Priority: null,
    },
  },
  'Outlook contacts in Chinese': {
    product: 'outlook',
    object: 'contact',
    headers:
      '英文称谓,名,中间名,姓,中文称谓,单位,部门,职务,商务地址 街道,商务地址 市/县,商务地址 省/市/自治区,商务地址 邮政编码,商务地址 国家/地区,住宅地址 街道,商务传真,商务电话,住宅电话,移动电话,其他电话,电子邮件地址,电子邮件类型,电子邮件 2 地址,附注,类别,优先级,生日,助理的姓名',
    mapped: {
      名: 'firstName',
      姓: 'lastName',
      中文称谓: 'salutation',
      单位: 'company',
      '商务地址 街道': 'street',
      '商务地址 市/县': 'city',
      '商务地址 省/市/自治区': 'state',
      '商务地址 邮政编码': 'postalCode',
      商务电话: 'phone',
      移动电话: 'mobile',
      电子邮件地址: 'email',
      电子邮件类型: null,
      '电子邮件 2 地址': 'otherEmail',
      附注: 'description',
      类别: 'tags',
      优先级: null,
      助理的姓名: 'assistant',
    },
  },
  'a Chinese phone': {
    product: 'phone',
    object: 'contact',
    headers: '姓名,昵称,手机1,手机2,家庭电话,办公电话,邮箱,家庭邮箱,单位,部门,职务,地址,分组,备注,铃声',
    mapped: {
      姓名: 'name',
      手机1: 'mobile',
      手机2: 'otherPhone',
      家庭电话: 'homePhone',
      办公电话: 'phone',
      邮箱: 'email',
      家庭邮箱: 'otherEmail',
      单位: 'company',
      职务: 'jobTitle',
      地址: 'street',
      分组: 'tags',
      备注: 'description',
      铃声: null,
    },
  },
};

const read = ({ headers, rows = [] }: File) => ({
  headers: cleanHeaders(headers.split(',')),
  rows: rows.map((row) => row.split(',')),
});

describe('exports of products', () => {
  it.each(Object.keys(files))('%s are recognised', (name) => {
    const file = files[name];
    if (!file) throw new Error(name);
    const { headers, rows } = read(file);
    const guess = guessFile(headers, rows);
    expect(guess).toMatchObject({ product: file.product, object: file.object });
    expect(guess.productConfidence).toBeGreaterThanOrEqual(0.7);
  });

  it.each(Object.keys(files))('%s are mapped', (name) => {
    const file = files[name];
    if (!file) throw new Error(name);
    const { headers, rows } = read(file);
    const matches = matchColumns(file.object, headers, rows, file.product);
    const found = Object.fromEntries(matches.map(({ header, target }) => [header, target]));
    expect(found).toMatchObject(file.mapped);
  });

  it('give no field to what only says of which kind a value is', () => {
    const headers = ['Name', 'Phone 1 - Label', 'Phone 1 - Value', 'E-mail 1 - Type', 'E-mail 1 - Value'];
    expect(matchColumns('contact', headers, [], 'google').map(({ reason }) => reason.code)).toEqual([
      'name',
      'ignored',
      'name',
      'ignored',
      'name',
    ]);
  });

  it('are known by their ids where the headers are anybody’s', () => {
    const rows = [
      ['001Dn00000X9y8zIAA', 'Acme'],
      ['001Dn00000X9y91IAA', 'Bolt'],
    ];
    expect(guessProduct(['Key', 'Name'], rows).product).toBe('salesforce');
    expect(guessProduct(['Key', 'Name'], [['zcrm_4876876000000462001', 'Acme']]).product).toBe('zoho');
    expect(guessProduct(['Key', 'Name'], [...rows, ['17', 'Cask']]).product).toBeNull();
  });

  it('are not seen where one word is like theirs, or none', () => {
    expect(guessProduct(['Name', 'Email', 'Company', 'Amount']).product).toBeNull();
    expect(guessProduct(['姓名', '手机', '公司', '职务', '备注']).product).toBeNull();
    expect(guessProduct(['Name', 'Lifecycle Stage']).product).toBeNull();
  });

  it('and headers in other languages are read by targets that exist', () => {
    const tables = [...sourceProducts.map((product) => products[product].words ?? {}), languages];
    for (const [object, words] of tables.flatMap((table) => Object.entries(table))) {
      expect(importObjects).toContain(object);
      const unknown = Object.keys(words).filter((target) => !targetOf(object as ImportObject, target));
      expect({ object, unknown }).toEqual({ object, unknown: [] });
    }
  });
});

describe('files of what no standard object is a place for', () => {
  const kinds: Record<string, string> = {
    lineItem: 'Id,OpportunityId,SortOrder,PricebookEntryId,Product2Id,Name,Quantity,TotalPrice,UnitPrice,ListPrice',
    price: 'Id,Name,Pricebook2Id,Product2Id,UnitPrice,IsActive,UseStandardPrice,ProductCode',
    campaign: 'Id,IsDeleted,Name,ParentId,Type,Status,StartDate,EndDate,BudgetedCost,ActualCost,ExpectedResponse',
    campaignMember: 'Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate',
    attachment: 'Id,IsDeleted,IsPrivate,ParentId,Name,ContentType,BodyLength,Body,OwnerId',
    order: 'Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Product ID,Sales',
    contract: '合同编号,合同名称,客户,合同金额,签订日期',
  };
  it.each(Object.keys(kinds))('are known as such: %s', (kind) => {
    const headers = (kinds[kind] ?? '').split(',');
    expect(guessFile(headers)).toMatchObject({ object: null, unsupported: kind });
  });

  it('are not seen in files of deals', () => {
    const moves =
      'Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,SystemModstamp';
    expect(guessFile(moves.split(','))).toMatchObject({ object: 'deal', unsupported: null });
    const roles = 'Id,OpportunityId,ContactId,Role,IsPrimary,CreatedDate,IsDeleted';
    expect(guessFile(roles.split(','), [], 'OpportunityContactRole.csv')).toMatchObject({ object: 'deal' });
    const relations = 'Id,AccountId,ContactId,Roles,IsDirect,IsActive,StartDate,EndDate,CreatedDate,IsDeleted';
    expect(guessFile(relations.split(','), [], 'AccountContactRelation.csv')).toMatchObject({ object: 'contact' });
    const deals = 'Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,Pricebook2Id,OwnerId,CreatedDate,CreatedById';
    expect(guessFile(deals.split(','))).toMatchObject({ object: 'deal', unsupported: null, product: 'salesforce' });
    const notes =
      'ID,Content,Organization,Organization ID,Contact person,Contact person ID,Deal title,Deal ID,Add time,Update time,User,Note is pinned to deal,Note is pinned to organization,Note is pinned to person';
    expect(guessFile(notes.split(','), [], 'notes.csv')).toMatchObject({ object: 'note', product: 'pipedrive' });
  });
});

describe('refusals', () => {
  it('are taken from columns that say so, several of them, and from no other', () => {
    const targets = (headers: string[]) => matchColumns('contact', headers).map(({ target }) => target);
    expect(targets(['Email Opt Out', '退订', 'Unsubscribed from all email'])).toEqual([
      'doNotMail',
      'doNotMail',
      'doNotMail',
    ]);
    expect(targets(['Do Not Call', '请勿致电'])).toEqual(['doNotCall', 'doNotCall']);
    expect(targets(['Do not contact', '请勿联系'])).toEqual(['doNotContact', 'doNotContact']);
    // To have agreed is the contrary, and spelled almost the same.
    expect(targets(['Email Opt In', 'Subscribed', '是否订阅', '允许致电'])).toEqual([
      'mayMail',
      'mayMail',
      'mayMail',
      'mayCall',
    ]);
    expect(targets(['Email Opt-Inn', 'Newsletter', 'Opt In Source'])).toEqual([null, null, null]);
    const dated = matchColumns('contact', ['Opt-in (date)', 'Unsubscribed'], [['2024-01-02', '2024-05-06']]);
    expect(dated.map(({ target }) => target)).toEqual([null, null]);
  });
});
