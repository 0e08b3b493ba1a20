package tutor

// Forget makes a mask that hides nothing that is known, as a mistake in it would.
func (m *Mask) Forget() { m.values = newValues(nil) }
