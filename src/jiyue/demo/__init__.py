"""The demo city: data, drawn pictures and generated files of the invented 澄湖市."""
