// What every stack does here. WORK says which: `echo` sends each message back, `broadcast` sends it to every open socket, `deflate` is echo with compression.
export const work = process.env.WORK ?? 'echo'
export const ready = port => console.log(JSON.stringify({ port }))
