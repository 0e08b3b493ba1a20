package webfetch

// TextOf is textOf for fuzzing.
var TextOf = textOf
