CREATE TABLE dg_app (
	id TEXT NOT NULL,
	live_version INTEGER NOT NULL,
	rights_version INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE dg_app_version (
	app TEXT NOT NULL,
	version INTEGER NOT NULL,
	parts TEXT NOT NULL,
	at BIGINT NOT NULL,
	"by" INTEGER NOT NULL,
	note TEXT,
	PRIMARY KEY (app, version)
);
CREATE TABLE dg_audit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	at BIGINT NOT NULL,
	actor INTEGER NOT NULL,
	on_behalf INTEGER,
	what TEXT NOT NULL,
	object TEXT NOT NULL,
	details TEXT NOT NULL,
	previous TEXT NOT NULL,
	hash TEXT NOT NULL
);
CREATE INDEX ix_dg_audit_what ON dg_audit (what);
CREATE TABLE dg_column (
	"table" TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	PRIMARY KEY ("table", name)
);
CREATE TABLE dg_comment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	form TEXT NOT NULL,
	record INTEGER NOT NULL,
	at BIGINT NOT NULL,
	author INTEGER NOT NULL,
	body TEXT NOT NULL,
	deleted_at BIGINT
);
CREATE INDEX ix_dg_comment ON dg_comment (form, record);
CREATE TABLE dg_counter (
	field TEXT NOT NULL,
	counter TEXT NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (field, counter)
);
CREATE TABLE dg_demo (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	form TEXT NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL
);
CREATE INDEX ix_dg_demo ON dg_demo (form, first);
CREATE TABLE dg_demo_load (
	app TEXT NOT NULL,
	recipe TEXT NOT NULL,
	language TEXT NOT NULL,
	at BIGINT NOT NULL,
	done INTEGER NOT NULL,
	"of" INTEGER NOT NULL,
	PRIMARY KEY (app)
);
CREATE TABLE dg_department (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	parent INTEGER,
	head INTEGER
);
CREATE TABLE dg_department_path (
	ancestor INTEGER NOT NULL,
	descendant INTEGER NOT NULL,
	depth INTEGER NOT NULL,
	PRIMARY KEY (ancestor, descendant)
);
CREATE INDEX ix_dg_department_path ON dg_department_path (descendant);
CREATE TABLE dg_draft (
	app TEXT NOT NULL,
	mark TEXT NOT NULL,
	base INTEGER NOT NULL,
	rev INTEGER NOT NULL,
	PRIMARY KEY (app)
);
CREATE TABLE dg_draft_edit (
	app TEXT NOT NULL,
	seq INTEGER NOT NULL,
	state TEXT NOT NULL,
	actor INTEGER NOT NULL,
	at BIGINT NOT NULL,
	op TEXT NOT NULL,
	args TEXT NOT NULL,
	changes TEXT NOT NULL,
	inverse TEXT NOT NULL,
	version INTEGER,
	PRIMARY KEY (app, seq)
);
CREATE INDEX ix_dg_draft_edit ON dg_draft_edit (app, state, seq);
CREATE TABLE dg_due (
	form TEXT NOT NULL,
	record INTEGER NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (form, record)
);
CREATE INDEX ix_dg_due ON dg_due (at);
CREATE TABLE dg_file (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size BIGINT NOT NULL,
	at BIGINT NOT NULL,
	"by" INTEGER NOT NULL
);
CREATE INDEX ix_dg_file ON dg_file (sha256);
CREATE TABLE dg_flow_instance (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	app TEXT NOT NULL,
	flow TEXT NOT NULL,
	hash TEXT NOT NULL,
	state TEXT NOT NULL,
	rev INTEGER NOT NULL,
	form TEXT,
	record INTEGER,
	kept TEXT NOT NULL,
	starter INTEGER,
	cause TEXT,
	root INTEGER,
	depth INTEGER NOT NULL,
	dedup_key TEXT,
	started_at BIGINT NOT NULL,
	ended_at BIGINT,
	own TEXT,
	UNIQUE (dedup_key)
);
CREATE INDEX ix_dg_flow_instance_live ON dg_flow_instance (app, flow) WHERE state in ('running', 'incident', 'suspended');
CREATE INDEX ix_dg_flow_instance_record ON dg_flow_instance (app, form, record);
CREATE INDEX ix_dg_flow_instance_root ON dg_flow_instance (root);
CREATE TABLE dg_flow_log (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	instance INTEGER NOT NULL,
	at BIGINT NOT NULL,
	node TEXT,
	what TEXT NOT NULL,
	actor INTEGER,
	data TEXT
);
CREATE INDEX ix_dg_flow_log ON dg_flow_log (instance, id);
CREATE TABLE dg_flow_token (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	instance INTEGER NOT NULL,
	node TEXT NOT NULL,
	state TEXT NOT NULL,
	fork TEXT NOT NULL,
	entered_at BIGINT NOT NULL
);
CREATE INDEX ix_dg_flow_token ON dg_flow_token (instance);
CREATE TABLE dg_flow_turn (
	app TEXT NOT NULL,
	place TEXT NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (app, place)
);
CREATE TABLE dg_flow_version (
	hash TEXT NOT NULL,
	app TEXT NOT NULL,
	flow TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (hash)
);
CREATE TABLE dg_history (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	form TEXT NOT NULL,
	record INTEGER NOT NULL,
	until INTEGER,
	at BIGINT NOT NULL,
	actor INTEGER NOT NULL,
	on_behalf INTEGER,
	what TEXT NOT NULL,
	cause TEXT NOT NULL,
	cause_ref TEXT,
	"cascade" TEXT NOT NULL,
	changes TEXT
);
CREATE INDEX ix_dg_history ON dg_history (form, record);
CREATE TABLE dg_idempotency (
	actor INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	at BIGINT NOT NULL,
	answer TEXT NOT NULL,
	PRIMARY KEY (actor, "key")
);
CREATE TABLE dg_import (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	form TEXT NOT NULL,
	name TEXT NOT NULL,
	mapping TEXT NOT NULL,
	state TEXT NOT NULL,
	total INTEGER NOT NULL,
	done INTEGER NOT NULL,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	failed INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	at BIGINT NOT NULL,
	error TEXT
);
CREATE TABLE dg_import_row (
	import INTEGER NOT NULL,
	"row" INTEGER NOT NULL,
	problems TEXT NOT NULL,
	PRIMARY KEY (import, "row")
);
CREATE TABLE dg_incident (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	app TEXT,
	part TEXT,
	form TEXT,
	record INTEGER,
	instance INTEGER,
	job INTEGER,
	code TEXT NOT NULL,
	details TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	closed_at BIGINT,
	closed_by INTEGER,
	how TEXT
);
CREATE INDEX ix_dg_incident_instance ON dg_incident (instance);
CREATE INDEX ix_dg_incident_open ON dg_incident (id) WHERE closed_at IS NULL;
CREATE TABLE dg_job (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,
	run_at BIGINT NOT NULL,
	priority INTEGER NOT NULL,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	lease_by TEXT,
	lease_until BIGINT,
	dedup_key TEXT,
	subject TEXT,
	payload TEXT,
	error TEXT,
	created BIGINT NOT NULL,
	UNIQUE (dedup_key)
);
CREATE INDEX ix_dg_job_due ON dg_job (run_at, id) WHERE state='ready';
CREATE INDEX ix_dg_job_leased ON dg_job (lease_until) WHERE state='leased';
CREATE INDEX ix_dg_job_subject ON dg_job (subject);
CREATE TABLE dg_meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE dg_notification (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	person INTEGER NOT NULL,
	at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	app TEXT,
	form TEXT,
	record INTEGER,
	task INTEGER,
	read_at BIGINT
);
CREATE INDEX ix_dg_notification_person ON dg_notification (person, id);
CREATE INDEX ix_dg_notification_unread ON dg_notification (person) WHERE read_at IS NULL;
CREATE TABLE dg_outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	at BIGINT NOT NULL,
	channel TEXT NOT NULL,
	"to" TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	data TEXT NOT NULL,
	app TEXT,
	form TEXT,
	record INTEGER,
	cause TEXT,
	state TEXT NOT NULL,
	why TEXT,
	sent_at BIGINT,
	answer TEXT
);
CREATE INDEX ix_dg_outbox_record ON dg_outbox (form, record);
CREATE TABLE dg_part (
	hash TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (hash)
);
CREATE TABLE dg_person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	display TEXT,
	email TEXT,
	state TEXT NOT NULL,
	language TEXT,
	password TEXT,
	rights_version INTEGER NOT NULL,
	created BIGINT NOT NULL,
	tours TEXT,
	UNIQUE (name)
);
CREATE TABLE dg_person_department (
	person INTEGER NOT NULL,
	department INTEGER NOT NULL,
	PRIMARY KEY (person, department)
);
CREATE INDEX ix_dg_person_department ON dg_person_department (department, person);
CREATE TABLE dg_person_role (
	person INTEGER NOT NULL,
	app TEXT NOT NULL,
	role TEXT NOT NULL,
	PRIMARY KEY (person, app, role)
);
CREATE INDEX ix_dg_person_role ON dg_person_role (app, role);
CREATE TABLE dg_public_link (
	id TEXT NOT NULL,
	app TEXT NOT NULL,
	form TEXT NOT NULL,
	part TEXT,
	definition TEXT NOT NULL,
	made_by INTEGER NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT,
	password TEXT,
	most INTEGER,
	used INTEGER NOT NULL,
	closed BIGINT,
	PRIMARY KEY (id)
);
CREATE INDEX ix_dg_public_link ON dg_public_link (app, form);
CREATE TABLE dg_public_link_hit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	"key" TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX ix_dg_public_link_hit ON dg_public_link_hit ("key", at);
CREATE TABLE dg_rule_hold (
	form TEXT NOT NULL,
	record INTEGER NOT NULL,
	rule TEXT NOT NULL,
	PRIMARY KEY (form, record, rule)
);
CREATE TABLE dg_service (
	app TEXT NOT NULL,
	publisher INTEGER NOT NULL,
	roles TEXT NOT NULL,
	PRIMARY KEY (app)
);
CREATE TABLE dg_session (
	hash TEXT NOT NULL,
	person INTEGER NOT NULL,
	acts_as INTEGER,
	agent TEXT NOT NULL,
	created BIGINT NOT NULL,
	seen BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	PRIMARY KEY (hash)
);
CREATE INDEX ix_dg_session ON dg_session (person);
CREATE TABLE dg_sign_in_attempt (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	"key" TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX ix_dg_sign_in_attempt ON dg_sign_in_attempt ("key", at);
CREATE TABLE dg_sign_in_link (
	hash TEXT NOT NULL,
	person INTEGER NOT NULL,
	purpose TEXT NOT NULL,
	expires BIGINT NOT NULL,
	used BIGINT,
	PRIMARY KEY (hash)
);
CREATE TABLE dg_task (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	app TEXT NOT NULL,
	instance INTEGER NOT NULL,
	token INTEGER NOT NULL,
	node TEXT NOT NULL,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	form TEXT,
	record INTEGER,
	assignee INTEGER,
	owner INTEGER,
	extra INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	state TEXT NOT NULL,
	outcome TEXT,
	comment TEXT,
	due_at BIGINT,
	escalated_at BIGINT,
	reminded_at BIGINT,
	created_at BIGINT NOT NULL,
	acted_at BIGINT,
	acted_by INTEGER,
	rev INTEGER NOT NULL
);
CREATE INDEX ix_dg_task_inbox ON dg_task (assignee, state, due_at);
CREATE INDEX ix_dg_task_instance ON dg_task (instance);
CREATE INDEX ix_dg_task_open ON dg_task (due_at) WHERE state = 'open';
CREATE INDEX ix_dg_task_record ON dg_task (app, form, record);
CREATE INDEX ix_dg_task_token ON dg_task (token);
CREATE TABLE dg_task_candidate (
	task INTEGER NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (person, task)
);
CREATE INDEX ix_dg_task_candidate ON dg_task_candidate (task);
CREATE TABLE dg_token (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	hash TEXT NOT NULL,
	start TEXT NOT NULL,
	person INTEGER NOT NULL,
	label TEXT NOT NULL,
	scopes TEXT NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	used BIGINT,
	revoked BIGINT,
	UNIQUE (hash)
);
CREATE INDEX ix_dg_token ON dg_token (person);
CREATE TABLE dg_view (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	app TEXT NOT NULL,
	form TEXT NOT NULL,
	owner INTEGER,
	definition TEXT NOT NULL
);
CREATE INDEX ix_dg_view ON dg_view (app, form);
