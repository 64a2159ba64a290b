"""Makes the sample submissions: invented projects, laid out the way nineteen offices would."""
