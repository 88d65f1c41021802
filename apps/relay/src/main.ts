import { Namespace } from '@pizzapi/protocol';
console.log(Namespace.agent);
