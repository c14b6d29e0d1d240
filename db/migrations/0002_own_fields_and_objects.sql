CREATE TABLE "app"."custom_field" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"type" text collate "C" NOT NULL,
	"label" jsonb NOT NULL,
	"help" jsonb,
	"required" boolean DEFAULT false NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"position" double precision NOT NULL,
	CONSTRAINT "custom_field_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "custom_field_tenant_id_object_key_unique" UNIQUE("tenant_id","object","key")
);
--> statement-breakpoint
CREATE TABLE "app"."custom_object" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"key" text collate "C" NOT NULL,
	"label" jsonb NOT NULL,
	"description" jsonb,
	"title_label" jsonb,
	"icon" text collate "C" NOT NULL,
	"tone" text collate "C" NOT NULL,
	"rights" jsonb NOT NULL,
	"position" double precision NOT NULL,
	CONSTRAINT "custom_object_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "custom_object_tenant_id_key_unique" UNIQUE("tenant_id","key")
);
--> statement-breakpoint
CREATE TABLE "app"."custom_record" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"owner_id" uuid,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "custom_record_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."field_value" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"field_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"n" smallint DEFAULT 0 NOT NULL,
	"text" text collate "C",
	"sort" text collate "C",
	"number" double precision,
	"time" timestamp with time zone,
	"ref" uuid,
	"single" boolean DEFAULT false NOT NULL,
	CONSTRAINT "field_value_tenant_id_field_id_record_id_n_pk" PRIMARY KEY("tenant_id","field_id","record_id","n")
);
--> statement-breakpoint
CREATE TABLE "app"."relation_link" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"field_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"position" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "relation_link_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "app"."company" ADD COLUMN "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."contact" ADD COLUMN "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD COLUMN "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."product" ADD COLUMN "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."custom_field" ADD CONSTRAINT "custom_field_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."custom_object" ADD CONSTRAINT "custom_object_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."custom_record" ADD CONSTRAINT "custom_record_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."custom_record" ADD CONSTRAINT "custom_record_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."field_value" ADD CONSTRAINT "field_value_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."relation_link" ADD CONSTRAINT "relation_link_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "custom_record_tenant_id_object_created_at_id_index" ON "app"."custom_record" USING btree ("tenant_id","object","created_at","id");--> statement-breakpoint
CREATE INDEX "custom_record_tenant_id_object_sort_key_id_index" ON "app"."custom_record" USING btree ("tenant_id","object","sort_key","id");--> statement-breakpoint
CREATE INDEX "custom_record_tenant_id_object_name_key_index" ON "app"."custom_record" USING btree ("tenant_id","object","name_key");--> statement-breakpoint
CREATE INDEX "custom_record_tenant_id_owner_id_index" ON "app"."custom_record" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_record_id_index" ON "app"."field_value" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_field_id_text_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","text","record_id") WHERE "app"."field_value"."text" is not null;--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_field_id_sort_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","sort","record_id") WHERE "app"."field_value"."sort" is not null;--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_field_id_number_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","number","record_id") WHERE "app"."field_value"."number" is not null;--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_field_id_time_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","time","record_id") WHERE "app"."field_value"."time" is not null;--> statement-breakpoint
CREATE INDEX "field_value_tenant_id_field_id_ref_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","ref","record_id") WHERE "app"."field_value"."ref" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "field_value_single_text" ON "app"."field_value" USING btree ("tenant_id","field_id","text") WHERE "app"."field_value"."single";--> statement-breakpoint
CREATE UNIQUE INDEX "field_value_single_number" ON "app"."field_value" USING btree ("tenant_id","field_id","number") WHERE "app"."field_value"."single";--> statement-breakpoint
CREATE UNIQUE INDEX "field_value_single_time" ON "app"."field_value" USING btree ("tenant_id","field_id","time") WHERE "app"."field_value"."single";--> statement-breakpoint
CREATE UNIQUE INDEX "field_value_single_ref" ON "app"."field_value" USING btree ("tenant_id","field_id","ref") WHERE "app"."field_value"."single";--> statement-breakpoint
CREATE UNIQUE INDEX "relation_link_once" ON "app"."relation_link" USING btree ("tenant_id","field_id","from_id","to_id") WHERE "app"."relation_link"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "relation_link_tenant_id_field_id_to_id_index" ON "app"."relation_link" USING btree ("tenant_id","field_id","to_id");