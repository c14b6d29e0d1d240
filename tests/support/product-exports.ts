/** The columns of exports, as the products write them; which of them a test fills is its own matter. */
const headers = {
  pipedrive: {
    organization:
      'Organization - ID, Organization - Name, Organization - Labels, Organization - Owner, Organization - People, Organization - Website, Organization - Industry, Organization - Annual revenue, Organization - Number of employees, Organization - Address, Organization - Open deals, Organization - Won deals, Organization - Lost deals, Organization - Closed deals, Organization - Activities to do, Organization - Next activity date, Organization - Last activity date, Organization - Organization created, Organization - Update time',
    person:
      'Person - ID, Person - Name, Person - First name, Person - Last name, Person - Labels, Person - Email - Work, Person - Email - Home, Person - Email - Other, Person - Phone - Work, Person - Phone - Home, Person - Phone - Mobile, Person - Phone - Other, Person - Organization, Person - Organization ID, Person - Owner, Person - Job title, Person - Instant messenger, Person - Birthday, Person - Notes, Person - Marketing status, Person - Postal address, Person - Full/combined address of Postal address, Person - Open deals, Person - Last activity date, Person - Person created, Person - Update time',
    deal: 'Deal - ID, Deal - Title, Deal - Creator, Deal - Owner, Deal - Value, Deal - Currency of Value, Deal - Weighted value, Deal - Currency of Weighted value, Deal - Probability, Deal - Organization, Deal - Organization ID, Deal - Pipeline, Deal - Contact person, Deal - Contact person ID, Deal - Participants, Deal - Stage, Deal - Label, Deal - Status, Deal - Deal created, Deal - Update time, Deal - Last stage change, Deal - Next activity date, Deal - Last activity date, Deal - Won time, Deal - Last email received, Deal - Last email sent, Deal - Lost time, Deal - Deal closed on, Deal - Lost reason, Deal - Visible to, Deal - Total activities, Deal - Done activities, Deal - Activities to do, Deal - Email messages count, Deal - Expected close date, Deal - Product quantity, Deal - Product amount, Deal - Product name, Deal - MRR, Deal - ARR, Deal - ACV, Deal - Source origin, Deal - Source origin ID, Deal - Source channel, Deal - Source channel ID, Deal - Archive status, Deal - Archive time',
    activity:
      'Activity - ID, Activity - Subject, Activity - Type, Activity - Due date, Activity - Due time, Activity - Duration, Activity - Done, Activity - Assigned to user, Activity - Note, Activity - Deal, Activity - Deal ID, Activity - Organization, Activity - Organization ID, Activity - Contact person, Activity - Contact person ID, Activity - Creation date, Activity - Marked as done time',
    note: 'ID, Content, Organization, Organization ID, Contact person, Contact person ID, Deal title, Deal ID, Add time, Update time, User, Note is pinned to deal, Note is pinned to organization, Note is pinned to person, Lead, Lead ID, Note is pinned to lead, Project, Note is pinned to project',
  },
  salesforce: {
    user: 'Id, Username, LastName, FirstName, Name, Email, IsActive, UserRoleId, ProfileId',
    account:
      'Id, IsDeleted, MasterRecordId, Name, Type, ParentId, BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry, Phone, Fax, AccountNumber, Website, Sic, Industry, AnnualRevenue, NumberOfEmployees, Ownership, TickerSymbol, Description, Rating, Site, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, LastActivityDate, Jigsaw, CleanStatus, AccountSource',
    contact:
      'Id, IsDeleted, MasterRecordId, AccountId, LastName, FirstName, Salutation, MiddleName, Suffix, Name, MailingStreet, MailingCity, MailingState, MailingPostalCode, MailingCountry, Phone, Fax, MobilePhone, HomePhone, ReportsToId, Email, Title, Department, LeadSource, Birthdate, Description, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, LastActivityDate, EmailBouncedReason, EmailBouncedDate, IsEmailBounced',
    opportunity:
      'Id, IsDeleted, AccountId, IsPrivate, Name, Description, StageName, Amount, Probability, ExpectedRevenue, TotalOpportunityQuantity, CloseDate, Type, NextStep, LeadSource, IsClosed, IsWon, ForecastCategory, ForecastCategoryName, CampaignId, HasOpportunityLineItem, Pricebook2Id, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, LastActivityDate, FiscalQuarter, FiscalYear, Fiscal',
    history:
      'Id, OpportunityId, CreatedById, CreatedDate, StageName, Amount, ExpectedRevenue, CloseDate, Probability, ForecastCategory, SystemModstamp, IsDeleted',
    task: 'Id, RecordTypeId, WhoId, WhatId, Subject, ActivityDate, Status, Priority, IsHighPriority, OwnerId, Description, Type, IsDeleted, AccountId, IsClosed, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp, IsArchived, CallDurationInSeconds, CallType, CallDisposition, CallObject, ReminderDateTime, IsReminderSet, TaskSubtype, CompletedDateTime',
    note: 'Id, IsDeleted, ParentId, Title, IsPrivate, Body, OwnerId, CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp',
    case: 'Id, CaseNumber, ContactId, AccountId, AssetId, ParentId, SuppliedName, SuppliedEmail, SuppliedPhone, SuppliedCompany, Type, Status, Reason, Origin, Subject, Priority, Description, IsClosed, ClosedDate, IsEscalated, OwnerId, CreatedDate, ContactPhone, ContactMobile, ContactEmail, ContactFax',
  },
} as const;

type Product = keyof typeof headers;

/** An export of a product as CSV: all of its columns, filled where a row says something. */
export function exportOf<P extends Product>(
  product: P,
  kind: keyof (typeof headers)[P] & string,
  rows: readonly Record<string, string>[],
): string {
  const names = String(headers[product][kind]).split(', ');
  const unknown = rows.flatMap((row) => Object.keys(row)).find((name) => !names.includes(name));
  if (unknown) throw new Error(`${kind} of ${product} has no column ${unknown}`);
  const lines = rows.map((row) => names.map((name) => `"${(row[name] ?? '').replaceAll('"', '""')}"`));
  return `${[names, ...lines].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
