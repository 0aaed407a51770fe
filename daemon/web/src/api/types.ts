// The objects of the daemon's REST API, as daemon/api/conversations renders them. Types only.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Problem {
  type: string;
  code: string;
  message: string;
  details?: { field: string; message: string }[];
  request_id: string;
}

export interface Conversation {
  id: string;
  title: string | null;
  project_id: string | null;
  provider: string | null;
  model: string | null;
  assistant_id: string | null;
  metadata: JsonObject;
  created_at: string;
  updated_at: string;
  is_archived: boolean;
  message_count: number;
  last_message_preview: string | null;
  // Of one without a title: what the user said first.
  first_message_preview?: string;
  running_turn_id?: string | null;
  // Of a search: the newest message that has its words; null when only the title has.
  hit?: SearchHit | null;
  // What is locked or closed takes no messages.
  state?: 'open' | 'locked' | 'closed';
  state_reason?: string | null;
}

export interface SearchHit {
  message_id: string;
  // Marks count code points.
  excerpt: { text: string; marks: { start: number; end: number }[] };
}

export interface ConversationWithMessages extends Conversation {
  messages: Message[];
  has_earlier_messages: boolean;
}

export interface Page {
  has_more: boolean;
  next_cursor: string | null;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  cached_tokens?: number;
  cost?: number;
  estimated?: boolean;
}

export interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface Citation {
  marker: string;
  start_index: number;
  end_index: number;
  artifact: string;
  file_name: string;
  quote: string;
  quote_start: number;
  quote_end: number;
  page: number | null;
}

// What user messages bring along; without the optional fields the artifact's id tells the rest.
export interface Attachment {
  artifact: string;
  media_type: string;
  handle?: string;
  name?: string;
  size?: number;
}

export interface Message {
  id: string;
  role: 'user' | 'assistant' | 'tool' | 'system';
  content: string;
  tool_calls: ToolCall[] | null;
  tool_call_id: string | null;
  created_at: string;
  turn_id: string | null;
  // user
  replies?: number;
  attachments?: Attachment[];
  // tool
  name?: string;
  success?: boolean;
  // assistant
  thinking?: string;
  provider?: string | null;
  model?: string | null;
  finish_reason?: string | null;
  usage?: Usage;
  citations?: Citation[];
  note?: string;
  feedback?: Feedback | null;
}

export type Feedback = 'positive' | 'negative';

export interface ToolEffects {
  reads: boolean;
  writes: boolean;
  network: boolean;
  destructive: boolean;
  idempotent: boolean;
}

export interface Approval {
  tool_call_id: string;
  name: string;
  arguments: Json;
  effects: ToolEffects;
  message: string;
  asked_at: string;
}

export interface TurnError {
  code: string;
  message: string;
  retry_after_s?: number;
}

export type TurnState = 'running' | 'completed' | 'failed' | 'cancelled';

export interface Turn {
  id: string;
  conversation_id: string;
  user_message_id: string | null;
  state: TurnState;
  project_id: string | null;
  created_at: string;
  finished_at: string | null;
  provider: string | null;
  model: string | null;
  rounds: number;
  limit_reached: string | null;
  usage: Usage;
  error: TurnError | null;
  siblings?: string[];
  approvals?: Approval[];
}

export interface ArtifactRef {
  id: string;
  handle: string;
  kind: string;
  name: string;
  media_type: string;
  size: number;
  url: string;
}

export interface Artifact extends ArtifactRef {
  sha256: string;
  project_id: string | null;
  conversation_id: string | null;
  turn_id: string | null;
  tool: string | null;
  plugin: string | null;
  parameters: JsonObject;
  seed: string | null;
  parents: string[];
  metadata: JsonObject;
  created_at: string;
}

// What a tool gave, as the content of its message says it.
export interface ToolResult {
  success: boolean;
  data?: Json;
  summary?: string;
  artifacts?: ArtifactRef[];
  error?: { error_type: string; message: string; recoverable: boolean; details?: Json };
}

export interface Quota {
  per: string;
  limit: number;
  used: number;
  remaining: number;
  free_at: string | null;
  tools: string[];
}

export interface Tool {
  name: string;
  title: string | null;
  description: string;
  category: string;
  input_schema: JsonObject;
  output_schema: Json;
  effects: ToolEffects;
  needs_approval: boolean;
  time_limit_s: number;
  job_after_s: number;
  memory_limit_mb: number;
  long_running: boolean;
  requires_project: boolean;
  looks_up: string[];
  phrases: string[];
  options: string[];
  plugin: { id: string; version: string | null };
  allowed: boolean;
  reason?: string;
  quotas: Quota[];
}

export interface ToolList {
  tools: Tool[];
  count: number;
  categories: { [category: string]: number };
  plugins: Plugin[];
}

export interface Plugin {
  id: string | null;
  version: string | null;
  file: string;
  state: string;
  reason: string | null;
  changes: string[];
  tools: string[];
}

export type JobState = 'running' | 'completed' | 'failed' | 'cancelled' | 'lost';

export interface Job {
  id: string;
  user: string;
  tool: string;
  state: JobState;
  progress: number;
  note: string | null;
  conversation_id: string | null;
  turn_id: string | null;
  arguments: Json;
  summary: string | null;
  result: ToolResult | null;
  cpu_s: number | null;
  peak_memory_bytes: number | null;
  created_at: string;
  finished_at: string | null;
}

export interface Project {
  id: string;
  name: string;
  description: string | null;
  facts: JsonObject;
  metadata: JsonObject;
  is_archived: boolean;
  created_at: string;
  updated_at: string;
  conversation_count: number;
  artifact_count: number;
  job_count: number;
  last_activity_at: string | null;
}

export interface Assistant {
  id: string;
  name: string | null;
  description: string | null;
  model: string;
  instructions: string | null;
  tools: Json;
  created_at: string;
}

export interface Provider {
  name: string;
  kind: string;
  base_url: string | null;
  is_default: boolean;
  default_model: string | null;
  models: string[];
  fallback: string[];
  circuit: 'closed' | 'open' | 'half_open';
  failures_in_a_row: number;
  check?: { ok: boolean; lists_models: boolean; message: string } | null;
}

export interface Model {
  id: string;
  object: 'model';
  created: number;
  owned_by: string;
}

export type DocumentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';

export interface StoredDocument {
  id: string;
  name: string;
  status: DocumentStatus;
  error: { code: string; message: string } | null;
  text_bytes: number;
  created_at: string;
}

export interface DocumentCounts {
  in_progress: number;
  completed: number;
  failed: number;
  cancelled: number;
  total: number;
}

export interface Passage {
  document_id: string;
  name: string;
  score: number;
  text: string;
  page: number | null;
  heading: string | null;
  start: number;
  end: number;
}

export interface AuditEntry {
  at: string;
  user: string;
  tool: string;
  plugin: { id: string | null; version: string | null };
  project_id: string | null;
  conversation_id: string | null;
  turn_id: string | null;
  tool_call_id: string;
  job_id: string | null;
  arguments_sha256: string;
  outcome: string;
  duration_s: number;
  cpu_s: number | null;
  peak_memory_bytes: number | null;
  result_bytes: number;
  artifacts: Json;
  decided_by: string | null;
  /** What an administrator did; null: it is a call. */
  deed: { whom: string | null; details: string | null; credential: string | null } | null;
}

export interface ApiKey {
  id: string;
  name: string;
  user: string;
  /** How it begins. */
  hint: string;
  scopes: string[];
  status: 'active' | 'expired' | 'revoked';
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

/** As it is told once, when it is made. */
export interface NewApiKey extends ApiKey {
  key: string;
}

export interface User {
  name: string;
  role: 'user' | 'admin';
  origin: 'made' | 'token';
  disabled: boolean;
  has_password: boolean;
  created_at: string;
  last_seen_at: string | null;
}

export interface UsageRow {
  turns: number;
  outcomes: { completed: number; failed: number; cancelled: number };
  requests: number;
  tool_calls: number;
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  cost: number;
  estimated?: boolean;
}

// The events of a turn's stream. Every one has turn_id and conversation_id.
export interface ReplyOfTurn {
  id: string | null;
  role: 'assistant';
  content: string;
  tools_executed: string[];
  artifacts: ArtifactRef[];
  citations: Citation[];
  provider: string | null;
  model: string | null;
  usage: Usage;
  finish_reason: string;
  created_at: string;
  conversation_id: string;
  turn_id: string;
  note?: string;
}

export type TurnEvent =
  | { name: 'turn.started'; data: { message_id: string; provider: string; model: string } }
  | { name: 'message.delta'; data: { message_id: string; delta: string } }
  | { name: 'thinking.delta'; data: { message_id: string; delta: string } }
  | { name: 'tool.call'; data: { tool_call_id: string; name: string; arguments: Json } }
  | { name: 'approval.required'; data: Approval }
  | { name: 'action.required'; data: { calls: { tool_call_id: string; name: string }[] } }
  | { name: 'tool.progress'; data: { tool_call_id: string; name: string; fraction: number; note: string } }
  | {
      name: 'tool.result';
      data: {
        tool_call_id: string;
        name: string;
        success: boolean;
        summary: string;
        artifacts: ArtifactRef[];
        job_id?: string;
        error_type?: string;
      };
    }
  | { name: 'message.completed'; data: { message: Message } }
  | { name: 'title.updated'; data: { title: string } }
  | { name: 'turn.completed'; data: { message: ReplyOfTurn } }
  | { name: 'turn.failed'; data: { error: TurnError } }
  | { name: 'turn.cancelled'; data: object };

export type TurnEventName = TurnEvent['name'];

export type StudyStatus = 'running' | 'completed' | 'completed_with_errors' | 'cancelled';

export interface Study {
  id: string;
  user: string;
  name: string;
  tool: string;
  then: string | null;
  base_parameters: JsonObject;
  parameter_grid: JsonObject;
  seeds_per_combination: number;
  first_seed: number | null;
  project_id: string | null;
  conversation_id: string | null;
  status: StudyStatus;
  runs: number;
  counts: { waiting: number; running: number; completed: number; failed: number };
  percent: number;
  time_left_s: number | null;
  waits_for: string | null;
  table: { handle: string; url: string } | null;
  created_at: string;
  finished_at: string | null;
}

export interface StudyRun {
  run: number;
  status: 'running' | 'completed' | 'failed';
  parameters: JsonObject;
  warnings: string[];
  error?: { error_type: string; message: string };
}

export interface Statistics {
  count: number;
  mean: number;
  std: number | null;
  min: number;
  max: number;
}

// The runs with the same parameters, which differ in their seeds.
export interface Combination {
  parameters: JsonObject;
  completed: number;
  failed: number;
  metrics: { [name: string]: Statistics };
  warnings: { text: string; runs: number }[];
}

export interface StudyResults {
  combinations: Combination[];
  has_more: boolean;
}

export type UsageGroup = 'day' | 'model' | 'user';

export interface GroupedUsageRow extends UsageRow {
  day?: string;
  user?: string;
  provider?: string | null;
  model?: string | null;
}

export interface UsageReport {
  from: string;
  to: string;
  group_by: UsageGroup;
  currency: string;
  rows: GroupedUsageRow[];
  totals: UsageRow;
}
