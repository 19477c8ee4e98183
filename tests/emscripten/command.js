// Given to emcc as --pre-js. main() is all there is: its blocked call fails when nobody can wake it.

// @ts-expect-error emcc has made it
Module.greenletOptions = { isCommand: true };
