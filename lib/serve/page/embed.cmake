# cmake -DINPUT=app.js -DOUTPUT=app.js.inc -P embed.cmake: the file as a C++ raw string literal.
file(READ "${INPUT}" content)
file(WRITE "${OUTPUT}" "R\"newswire(${content})newswire\"\n")
