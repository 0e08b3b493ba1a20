package gateway

// Spending is what calls came to that have one thing in common.
type Spending struct {
	Key        string  `json:"key"` // a model, a purpose, a person's id, a group, a day, a provider, an outcome
	Calls      int64   `json:"calls"`
	Cost       Nano    `json:"cost"`
	Prompt     int64   `json:"prompt_tokens"`
	Completion int64   `json:"completion_tokens"`
	Cached     int64   `json:"cached_tokens"`
	Reasoning  int64   `json:"reasoning_tokens"`
	Hits       int64   `json:"cache_hits"` // answers that cost nothing because they were there
	Estimated  int64   `json:"estimated"`  // calls whose provider did not say all that was used
	LatencyMS  float64 `json:"latency_ms"` // the median
}
