-- outside a transaction
CREATE TABLE IF NOT EXISTS "app"."idempotency_key" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"request" text collate "C" NOT NULL,
	"answer" jsonb,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_key_tenant_id_member_id_key_pk" PRIMARY KEY("tenant_id","member_id","key"),
	CONSTRAINT "idempotency_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "idempotency_key_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "app"."tenant" ADD COLUMN IF NOT EXISTS "shard" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."tenant" ADD COLUMN IF NOT EXISTS "moving_until" timestamp with time zone;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "idempotency_key_tenant_id_at_index" ON "app"."idempotency_key" USING btree ("tenant_id","at");
