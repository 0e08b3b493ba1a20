package openai

import "github.com/gapwise/gapwise/gateway"

// usage is what endpoints say of tokens, in the words of all that are known. The SDK's type lacks some of them.
type usage struct {
	PromptTokens        int `json:"prompt_tokens"`
	CompletionTokens    int `json:"completion_tokens"`
	TotalTokens         int `json:"total_tokens"`
	PromptTokensDetails *struct {
		CachedTokens     int `json:"cached_tokens"`
		CacheWriteTokens int `json:"cache_write_tokens"`
	} `json:"prompt_tokens_details"`
	CompletionTokensDetails *struct {
		ReasoningTokens int `json:"reasoning_tokens"`
	} `json:"completion_tokens_details"`
	PromptCacheHitTokens     int `json:"prompt_cache_hit_tokens"`     // DeepSeek
	CacheReadInputTokens     int `json:"cache_read_input_tokens"`     // Anthropic, through gateways
	CacheCreationInputTokens int `json:"cache_creation_input_tokens"` // Anthropic, through gateways
}

// usageOf is nil where the endpoint did not say: a call always has a prompt, so nothing of anything means silence. Reasoning is part of the
// completion with most endpoints; where the total shows that it was counted beside it, it is added.
func usageOf(u *usage) *gateway.Usage {
	if u == nil || u.PromptTokens == 0 && u.CompletionTokens == 0 && u.TotalTokens == 0 {
		return nil
	}
	out := &gateway.Usage{
		PromptTokens: u.PromptTokens, CompletionTokens: u.CompletionTokens, CachedTokens: max(u.PromptCacheHitTokens, u.CacheReadInputTokens),
		CacheWriteTokens: u.CacheCreationInputTokens,
	}
	if d := u.PromptTokensDetails; d != nil {
		out.CachedTokens, out.CacheWriteTokens = max(out.CachedTokens, d.CachedTokens), max(out.CacheWriteTokens, d.CacheWriteTokens)
	}
	if d := u.CompletionTokensDetails; d != nil && d.ReasoningTokens > 0 {
		out.ReasoningTokens = d.ReasoningTokens
		if u.TotalTokens == u.PromptTokens+u.CompletionTokens+d.ReasoningTokens {
			out.CompletionTokens += d.ReasoningTokens
		}
	}
	return out
}
