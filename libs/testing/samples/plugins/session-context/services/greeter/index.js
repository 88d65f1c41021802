export default class Greeter {
  id = 'greeter';

  init(socket) {
    socket.on('greet', () => socket.emit('greeted', 'Hello'));
  }

  dispose() {}
}
