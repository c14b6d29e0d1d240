import type { StandardImport } from '../targets';

/**
 * What columns are called in Spanish, German, French, Portuguese and Japanese: the labels HubSpot and Salesforce show in
 * those languages, and what people write there. Lists are written as those in `synonyms.ts`; a word that several
 * languages have stands once.
 */
const id =
  'id de registro, datensatz-id, datensatz id, id de fiche d’informations, id de la fiche d’informations, identifiant, id do registro, レコードid, kennung, identificador';
const created =
  'fecha de creación, creado el, erstelldatum, erstellungsdatum, erstellt am, date de création, créé le, data de criação, criado em, 作成日, 作成日時, 登録日';
const updated =
  'fecha de última modificación, última modificación, modificado el, datum der letzten änderung, zuletzt geändert, geändert am, date de dernière modification, dernière modification, modifié le, data da última modificação, última modificação, modificado em, 最終更新日, 最終更新日時, 更新日, 最后修改日期';
const createdBy = 'creado por, erstellt von, créé par, criado por, 作成者';
const owner =
  'propietario, responsable, asignado a, inhaber, zuständiger mitarbeiter, verantwortlicher, zuständig, betreuer, propriétaire, attribué à, proprietário, responsável, 担当者, 所有者';
const tags =
  'etiquetas, etiqueta, schlagwörter, schlagworte, étiquettes, étiquette, mots-clés, marcadores, タグ, ラベル';
const source =
  'fuente, fuente original, fuente original de tráfico, origen, origen del lead, quelle, ursprüngliche quelle, ursprüngliche traffic-quelle, leadquelle, lead-quelle, herkunft, origine, source d’origine, source de trafic d’origine, origine du lead, fonte, fonte original, origem, origem do lead, 元のソース, オリジナルソース, ソース, リードソース, 流入元';
const description =
  'descripción, notas, comentarios, observaciones, beschreibung, notizen, bemerkung, bemerkungen, anmerkungen, remarques, commentaires, descrição, observações, comentários, 説明, 備考, メモ';
const phone =
  'teléfono, número de teléfono, teléfono de la empresa, telefon, telefonnummer, telefon geschäftlich, téléphone, numéro de téléphone, telefone, número de telefone, 電話, 電話番号';
const fax = 'número de fax, faxnummer, numéro de fax, ファックス, fax番号';
const city = 'ciudad, población, localidad, stadt, ort, ville, cidade, 市区町村, 市区郡';
const state =
  'estado/región, provincia, bundesland, bundesland/region, kanton, état/région, département, estado/região, 都道府県, 都道府県/地域, ~estado, ~region, ~région';
const postalCode = 'código postal, plz, postleitzahl, code postal, cep, 郵便番号';
const country = 'país, país/región, país/região, land, land/region, pays, pays/région, 国, 国/地域';
const street =
  'dirección, calle, direccion, domicilio, straße, strasse, adresse, anschrift, straße und hausnummer, rue, adresse postale, endereço, rua, logradouro, 住所, 番地, 町名・番地';
const timeZone = 'zona horaria, zeitzone, fuseau horaire, fuso horário, タイムゾーン';
const lifecycleStage =
  'etapa del ciclo de vida, lifecycle-phase, phase du cycle de vie, étape du cycle de vie, estágio do ciclo de vida, fase do ciclo de vida, ライフサイクルステージ';
const leadStatus = 'estado del lead, lead-status, leadstatus, statut du lead, status do lead, リードステータス';
const currency = 'moneda, divisa, währung, devise, moeda, 通貨';

const companyNames =
  'empresa, nombre de la empresa, nombre de empresa, compañía, organización, unternehmen, unternehmensname, name des unternehmens, firma, firmenname, kunde, account-name, entreprise, nom de l’entreprise, nom de la société, société, raison sociale, nome da empresa, organização, cliente, 会社, 会社名, 企業名, 取引先, 取引先名';

export const languages: Partial<Record<StandardImport, Record<string, string>>> = {
  company: {
    name: `${companyNames}, nombre, nom, nome`,
    externalId: id,
    domain:
      'nombre de dominio de la empresa, dominio, domain-name des unternehmens, nom de domaine de l’entreprise, domaine, nome do domínio da empresa, domínio, 会社ドメイン名, ドメイン',
    website:
      'sitio web, página web, url del sitio web, webseite, internetseite, website-url, site web, url du site web, site, url do site, ウェブサイト, ウェブサイトurl, ホームページ',
    email:
      'correo, correo electrónico, e-mail-adresse, adresse e-mail, courriel, endereço de e-mail, eメール, メール, メールアドレス',
    phone,
    fax,
    industry: 'sector, industria, branche, secteur, secteur d’activité, setor, ramo, 業種, 業界',
    type: 'tipo, tipo de empresa, typ, unternehmenstyp, type d’entreprise, 種別, タイプ',
    employees:
      'número de empleados, empleados, anzahl der mitarbeiter, mitarbeiterzahl, mitarbeiter, nombre d’employés, effectif, número de funcionários, funcionários, 従業員数',
    annualRevenue:
      'ingresos anuales, facturación, jahresumsatz, umsatz, chiffre d’affaires, chiffre d’affaires annuel, revenu annuel, receita anual, faturamento, 年間売上高, 年間売上, 売上高',
    currency,
    legalName: 'razón social, razão social, 正式名称',
    taxId: 'cif, nif, ust-idnr, umsatzsteuer-id, steuernummer, siret, siren, numéro de tva, cnpj, 法人番号',
    yearFounded: 'año de fundación, gründungsjahr, année de création, année de fondation, ano de fundação, 設立年',
    lifecycleStage,
    leadStatus,
    source,
    timeZone,
    parent:
      'empresa matriz, muttergesellschaft, übergeordnetes unternehmen, société mère, entreprise parente, empresa matriz do grupo, 親会社',
    owner: `${owner}, propietario de la empresa, für unternehmen zuständiger mitarbeiter, propriétaire de l’entreprise, proprietário da empresa, 会社担当者`,
    street,
    city,
    state,
    postalCode,
    country,
    tags,
    description,
    createdAt: created,
    createdBy,
    updatedAt: updated,
  },
  contact: {
    name: 'nombre completo, nombre y apellidos, vollständiger name, ansprechpartner, nom complet, contacto, kontakt, nome completo, contato, 氏名, 名前, フルネーム',
    externalId: id,
    firstName: 'nombre, vorname, prénom, nome, primeiro nome, 名',
    lastName: 'apellidos, apellido, nachname, familienname, nom, nom de famille, sobrenome, apelido, 姓',
    salutation: 'tratamiento, saludo, anrede, civilité, saudação, tratamento, 敬称',
    email:
      'correo, correo electrónico, e-mail-adresse, mail-adresse, adresse e-mail, courriel, endereço de e-mail, eメール, メール, メールアドレス',
    phone,
    mobile:
      'móvil, número de móvil, número de teléfono móvil, celular, teléfono móvil, mobil, mobiltelefon, mobiltelefonnummer, handy, handynummer, portable, mobile téléphone, numéro de téléphone mobile, téléphone mobile, número de celular, telemóvel, número de telefone celular, 携帯, 携帯電話, 携帯電話番号',
    homePhone:
      'teléfono particular, telefon privat, téléphone personnel, téléphone domicile, telefone residencial, 自宅電話',
    fax,
    birthday:
      'fecha de nacimiento, cumpleaños, geburtsdatum, geburtstag, date de naissance, anniversaire, data de nascimento, aniversário, 生年月日, 誕生日',
    jobTitle:
      'cargo, puesto, jobtitel, berufsbezeichnung, stellenbezeichnung, intitulé du poste, poste, fonction, função, 役職, 肩書き, ~position',
    department: 'departamento, abteilung, ~service, 部署, 部門',
    company: companyNames,
    owner: `${owner}, propietario del contacto, für kontakt zuständiger mitarbeiter, kontakt-inhaber, propriétaire du contact, proprietário do contato, コンタクト担当者, 担当営業`,
    lifecycleStage,
    leadStatus,
    source,
    preferredLanguage:
      'idioma, idioma preferido, sprache, bevorzugte sprache, langue, langue préférée, langue de préférence, 言語, 優先言語, 希望言語',
    timeZone,
    street,
    city,
    state,
    postalCode,
    country,
    doNotMail:
      'no enviar correo, cancelada la suscripción a todo el correo, suscripción cancelada a todos los correos, abgemeldet von allen e-mails, von allen e-mails abgemeldet, keine e-mails, désabonné de tous les e-mails, désinscrit de tous les e-mails, ne pas envoyer d’e-mail, cancelou assinatura de todos os e-mails, não enviar e-mail, すべてのeメールを登録解除, メール配信停止, 配信停止',
    doNotCall: 'no llamar, nicht anrufen, ne pas appeler, não ligar, 電話不可',
    doNotContact:
      'no contactar, nicht kontaktieren, kontaktsperre, ne pas contacter, não contatar, não contactar, 連絡不可',
    mayMail:
      'suscrito, suscrito al boletín, abonniert, newsletter abonniert, newsletter-einwilligung, e-mail-einwilligung, abonné, abonné à la newsletter, inscrit à la newsletter, consentement marketing, inscrito, inscrito na newsletter, aceita marketing, メール配信希望, メール配信許可, 購読中',
    tags,
    description,
    createdAt: created,
    createdBy,
    updatedAt: updated,
  },
  deal: {
    name: 'nombre del negocio, negocio, oportunidad, nombre de la oportunidad, deal-name, geschäft, opportunity-name, nom de la transaction, transaction, opportunité, nom de l’opportunité, nome do negócio, negócio, oportunidade, nome da oportunidade, 取引名, 取引, 商談名, 案件名',
    externalId: id,
    company: companyNames,
    contact:
      'contacto, contacto asociado, kontakt, ansprechpartner, contact associé, contato, contato associado, コンタクト, 担当者名',
    pipeline: 'embudo, vertriebspipeline, funil, funil de vendas, パイプライン',
    stage:
      'etapa, etapa del negocio, fase, deal-phase, phase, phase de la transaction, étape, étape de la transaction, etapa do negócio, fase do negócio, 取引ステージ, フェーズ, ステージ',
    status: 'estado, statut, ステータス, 状況',
    amount:
      'importe, valor, monto, cantidad, betrag, wert, auftragswert, montant, valeur, valor do negócio, quantia, 金額, 取引金額',
    currency,
    closeDate:
      'fecha de cierre, abschlussdatum, schlusstermin, date de fermeture, date de clôture, data de fechamento, クローズ日, 完了予定日',
    expectedClose:
      'fecha de cierre prevista, fecha prevista de cierre, erwartetes abschlussdatum, voraussichtliches abschlussdatum, date de clôture prévue, data de fechamento esperada, previsão de fechamento, 成約予定日',
    type: 'tipo, tipo de negocio, deal-typ, type de transaction, tipo de negócio, 取引タイプ, 種別',
    priority: 'prioridad, priorität, priorité, prioridade, 優先度, 優先順位',
    source,
    nextStep:
      'siguiente paso, próximo paso, nächster schritt, étape suivante, prochaine étape, próxima etapa, 次のステップ',
    lossReason:
      'motivo de pérdida, motivo de la pérdida, razón de pérdida, motivo de cierre perdido, verlustgrund, grund für verlust, motif de perte, raison de la perte, motivo da perda, motivo de perda, 失注理由',
    wonReason: 'motivo de cierre ganado, grund für gewinn, raison du gain, motivo do ganho, 成約理由, 受注理由',
    product: 'producto, produkt, produit, produto, 製品, 商品',
    owner: `${owner}, propietario del negocio, für deal zuständiger mitarbeiter, deal-inhaber, propriétaire de la transaction, propriétaire de l’opportunité, proprietário do negócio, proprietário da oportunidade, 取引担当者`,
    tags,
    description,
    createdAt: created,
    createdBy,
    updatedAt: updated,
  },
  product: {
    name: 'producto, nombre, nombre del producto, produkt, produktname, artikel, produit, nom du produit, nom, produto, nome, nome do produto, 製品名, 商品名',
    externalId: id,
    code: 'código, código de producto, referencia, artikelnummer, produktcode, référence, code produit, código do produto, 商品コード, 製品コード',
    series:
      'categoría, familia, kategorie, produktfamilie, catégorie, famille, categoria, família, カテゴリ, カテゴリー',
    price:
      'precio, precio unitario, preis, einzelpreis, verkaufspreis, prix, prix unitaire, preço, preço unitário, 単価, 価格',
    currency,
    cost: 'coste, costo, kosten, einkaufspreis, coût, custo, 原価',
    unit: 'unidad, einheit, unité, unidade, 単位',
    taxPercent: 'impuesto, iva, steuersatz, mwst, tva, imposto, 税率',
    active: 'activo, aktiv, actif, ativo, 有効',
    description,
    createdAt: created,
    createdBy,
    updatedAt: updated,
  },
  member: {
    name: 'nombre, nombre completo, usuario, vorname nachname, benutzer, mitarbeiter, nom, nom complet, utilisateur, nome, nome completo, usuário, 氏名, ユーザー',
    externalId: id,
    email: 'correo, correo electrónico, e-mail-adresse, adresse e-mail, courriel, eメール, メールアドレス',
    team: 'equipo, gerente, team-leiter, vorgesetzter, équipe, responsable, equipe, gestor, 上司, チーム',
    office: 'oficina, büro, standort, bureau, escritório, 拠点',
    role: 'rol, rolle, rôle, função, 役割',
  },
};
