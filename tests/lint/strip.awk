# C without its comments and without what stands inside quotes; line numbers stay.
# -v slashes=1: a comment in // stays, so that it can be found.
{
	out = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (comment) {
			if (two == "*/") {
				comment = 0
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote) {
				out = out c
				quote = ""
			}
		} else if (two == "/*") {
			comment = 1
			i++
		} else if (two == "//") {
			if (slashes)
				out = out two
			break
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out c
		}
	}
	if (quote != "" && substr($0, n, 1) != "\\")
		quote = ""
	print out
}
