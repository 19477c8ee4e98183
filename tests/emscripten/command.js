// main() is all there is: its blocked call fails when nobody can wake it.
Module.greenletOptions = { isCommand: true };
